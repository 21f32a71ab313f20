import type { RuntimeEvent } from "../../agent-api/events/ring.ts";
import { lastEvents } from "../../drivers/control/event-calls.ts";
import type { Driver } from "../../drivers/driver.ts";
import { SwarmError } from "../../errors.ts";
import { type ClusterView, withDriver } from "../clusters.ts";
import type { Context } from "../context.ts";
import type { Section } from "./render.ts";

/** A description: as JSON, and for people. */
export interface Described {
  readonly value: Readonly<Record<string, unknown>>;
  readonly sections: readonly Section[];
}

const mostEvents = 10;

/** The last events of a subject, oldest first. */
export function recentEvents(
  driver: Driver,
  select: (event: RuntimeEvent) => boolean,
  signal: AbortSignal,
): Promise<readonly RuntimeEvent[]> {
  return lastEvents(driver, mostEvents, select, signal);
}

export const eventsHead = ["TIME", "EVENT", "DETAILS"];

export function eventRows(events: readonly RuntimeEvent[]): string[][] {
  return events.map(({ at, kind, offset: _offset, ...details }) => [
    ...[iso(at), kind],
    Object.entries(details)
      .map(([name, value]) => `${name}=${typeof value === "string" ? value : JSON.stringify(value)}`)
      .join(" "),
  ]);
}

/** Calls `work` if the agents of a cluster run and can be reached; else returns why not. */
export async function whenReached<Result>(
  context: Context,
  cluster: string,
  view: ClusterView | undefined,
  work: (driver: Driver) => Promise<Result>,
): Promise<{ readonly value?: Result; readonly why?: string }> {
  if (view?.status?.api === undefined) return {};
  try {
    return { value: await withDriver(context, cluster, work) };
  } catch (error) {
    if (!(error instanceof SwarmError) || error.code === "SW606") throw error;
    return { why: error.message };
  }
}

/** The message of a serialized error. */
export function messageOf(error: unknown): string | undefined {
  return typeof error === "object" && error !== null && "message" in error ? String(error.message) : undefined;
}

export function iso(ms: number): string {
  return new Date(ms).toISOString();
}
