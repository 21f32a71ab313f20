import { z } from "zod";
import type { EventPage, RuntimeEvent } from "../../agent-api/events/ring.ts";
import { SwarmError } from "../../errors.ts";
import { pause } from "../../platform/wait.ts";
import type { Control } from "./control.ts";

/** How far the events of a cluster were read. */
export interface EventPosition {
  readonly stream?: string;
  readonly after: number;
}

const waitMs = 20_000;
const marginMs = 5_000;
/** Between two attempts while a supervisor is started again. */
const retryMs = 500;

const eventSchema: z.ZodType<RuntimeEvent> = z.looseObject({ offset: z.int(), at: z.number(), kind: z.string() });
const pageSchema: z.ZodType<EventPage> = z.object({
  stream: z.string(),
  events: z.array(eventSchema),
  next: z.int(),
  missed: z.int(),
});
const quietSchema = z.object({ quietMs: z.number() });

/**
 * One page of events; when there is none yet, waits for up to `wait` milliseconds.
 *
 * @throws SwarmError SW704 when nobody answers, SW606 when aborted.
 */
export async function readEvents(
  control: Control,
  { stream, after }: EventPosition = { after: 0 },
  wait = 0,
  signal?: AbortSignal,
): Promise<EventPage> {
  const query = new URLSearchParams({
    after: String(after),
    waitMs: String(wait),
    ...(stream !== undefined && { stream }),
  });
  return pageSchema.parse(await control.ask({ method: "GET", path: `/v1/events?${query}`, signal }, wait + marginMs));
}

/**
 * For how long nothing has happened in a cluster: no task came, was taken or ended, and no instance changed what it does.
 *
 * @throws SwarmError SW704 when nobody answers, SW606 when aborted.
 */
export async function readQuietMs(control: Control, signal?: AbortSignal): Promise<number> {
  return quietSchema.parse(await control.ask({ method: "GET", path: "/v1/events/quiet", signal })).quietMs;
}

/** The events of a cluster as they happen, until the signal is aborted; goes on when the supervisor is started again. */
export async function* followEvents(
  control: Control,
  signal: AbortSignal,
  from: EventPosition = { after: 0 },
): AsyncGenerator<RuntimeEvent, void, undefined> {
  let position = from;
  while (!signal.aborted) {
    const page = await readEvents(control, position, waitMs, signal).catch(expected);
    if (page) position = { stream: page.stream, after: page.next };
    else await pause(retryMs, signal);
    yield* page?.events ?? [];
  }
}

function expected(error: unknown): undefined {
  if (error instanceof SwarmError && (error.code === "SW704" || error.code === "SW606")) return;
  throw error;
}
