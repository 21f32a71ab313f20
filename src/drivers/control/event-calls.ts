import { z } from "zod";
import type { EventPage, RuntimeEvent } from "../../agent-api/events/ring.ts";
import { SwarmError } from "../../errors.ts";
import { pause } from "../../platform/wait.ts";
import type { Control } from "./control.ts";

/** Read position in the events of a cluster. */
export interface EventPosition {
  readonly stream?: string;
  readonly after: number;
}

const waitMs = 20_000;
const marginMs = 5_000;
/** Delay between two attempts while a supervisor restarts. */
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
 * One page of events; without events, waits for up to `wait` milliseconds.
 * @throws SwarmError SW704 when the server does not answer, SW606 when aborted.
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
 * The last kept events that `select` accepts, oldest first.
 * @throws as `readEvents`
 */
export async function lastEvents(
  control: Control,
  count: number,
  select: (event: RuntimeEvent) => boolean = () => true,
  signal?: AbortSignal,
): Promise<readonly RuntimeEvent[]> {
  let found: readonly RuntimeEvent[] = [];
  let position: EventPosition = { after: 0 };
  for (;;) {
    const { events, stream, next } = await readEvents(control, position, 0, signal);
    if (events.length === 0) return found;
    found = [...found, ...events.filter(select)].slice(-count);
    position = { stream, after: next };
  }
}

/**
 * Milliseconds since the last event in a cluster: no task was added, leased or settled, and no instance changed its
 * health.
 * @throws SwarmError SW704 when the server does not answer, SW606 when aborted.
 */
export async function readQuietMs(control: Control, signal?: AbortSignal): Promise<number> {
  return quietSchema.parse(await control.ask({ method: "GET", path: "/v1/events/quiet", signal })).quietMs;
}

/** Follows the events of a cluster until the signal is aborted, across restarts of the supervisor. */
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
