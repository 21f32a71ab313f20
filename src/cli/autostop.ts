import { InvalidArgumentError } from "commander";
import { SwarmError } from "../errors.ts";
import type { Autostop } from "../plan/autostop.ts";

export interface AutostopOptions {
  readonly idle?: number;
  readonly at?: number;
}

/**
 * The autostop that arguments ask for: null for the blueprint's rules, undefined when they only show it.
 *
 * @throws SwarmError SW801 for arguments that contradict each other, or a time that has passed
 */
export function autostopOf(
  mode: string | undefined,
  { idle, at }: AutostopOptions,
  now: number,
): Autostop | null | undefined {
  const isSet = idle !== undefined || at !== undefined;
  if (mode !== undefined) {
    if (mode !== "off" && mode !== "reset") throw new SwarmError("SW801", `"${mode}" is not off or reset`);
    if (isSet) throw new SwarmError("SW801", `${mode} and --idle or --at exclude each other`);
    return mode === "off" ? {} : null;
  }
  if (!isSet) return undefined;
  if (idle === 0) throw new SwarmError("SW801", "--idle must be longer than 0 seconds");
  if (at !== undefined && at <= now) {
    throw new SwarmError(
      "SW801",
      `--at ${new Date(at).toISOString()} has passed: it is ${new Date(now).toISOString()}`,
    );
  }
  return { ...(idle !== undefined && { idleMs: idle }), ...(at !== undefined && { at }) };
}

const dateTime = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(?::\d{2})?(?:Z|[+-]\d{2}:?\d{2})?$/i;

/** Parses a date and time to milliseconds since the epoch; without a zone in the local one. @throws InvalidArgumentError */
export function parseTime(text: string): number {
  const time = dateTime.test(text) ? Date.parse(text.replace(" ", "T")) : Number.NaN;
  // A day that its month does not have becomes one of the next month.
  const isReal =
    !Number.isNaN(time) && new Date(`${text.slice(0, 10)}T00:00:00Z`).getUTCDate() === Number(text.slice(8, 10));
  if (isReal) return time;
  throw new InvalidArgumentError(`"${text}" is not a date and time such as 2026-12-01T18:00`);
}
