import { z } from "zod";

/**
 * When a cluster hibernates by itself, as its operator has set at run time. It replaces `idle_timeout` and `sleep` of the blueprint;
 * without any member it never does.
 */
export interface Autostop {
  /** After this time without activity. */
  readonly idleMs?: number | undefined;
  /** Once, at this time: milliseconds since the epoch. */
  readonly at?: number | undefined;
}

export const autostopSchema = z.object({ idleMs: z.int().positive().optional(), at: z.int().optional() });

export function sameAutostop(a: Autostop | undefined, b: Autostop | undefined): boolean {
  if (a === undefined || b === undefined) return a === b;
  return a.idleMs === b.idleMs && a.at === b.at;
}

const recordedSchema = z.object({ autostop: autostopSchema.optional() }).catch({});

/** Reads it from the recorded desired state of a cluster's row. */
export function recordedAutostop(desired: unknown): Autostop | undefined {
  return recordedSchema.parse(desired).autostop;
}
