import { InvalidArgumentError } from "commander";
import { parseDuration } from "./durations.ts";

/**
 * Parses the start of a log: a duration before now, such as 10m, or a time, such as 2026-05-01T08:00:00Z.
 *
 * @returns milliseconds since the epoch
 * @throws InvalidArgumentError
 */
export function parseSince(text: string, now: number): number {
  if (/^\d{4}-\d{2}-\d{2}(T|$)/.test(text)) {
    const at = Date.parse(text);
    if (!Number.isNaN(at)) return at;
  } else if (/^\d+\s*[smhd]$/.test(text)) return now - parseDuration(text);
  throw new InvalidArgumentError(`"${text}" is neither a duration such as 10m nor a time such as 2026-05-01T08:00:00Z`);
}
