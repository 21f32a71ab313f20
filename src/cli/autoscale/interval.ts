import { InvalidArgumentError } from "commander";
import { parseDuration } from "../durations.ts";

export const defaultIntervalMs = 30_000;

/** Parses an interval: a number of seconds as in the original, or a duration. @throws InvalidArgumentError */
export function parseInterval(text: string): number {
  const intervalMs = /^\d+(\.\d+)?$/.test(text) ? Math.round(Number(text) * 1000) : parseDuration(text);
  if (intervalMs > 0) return intervalMs;
  throw new InvalidArgumentError("must be longer than 0 seconds");
}
