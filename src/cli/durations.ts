import { InvalidArgumentError } from "commander";

const unitMs = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Parses a duration such as 30s, 5m, 2h or 1d to milliseconds. @throws InvalidArgumentError */
export function parseDuration(text: string): number {
  const [, amount, unit] = /^(\d+)\s*([smhd])$/.exec(text) ?? [];
  if (unit === "s" || unit === "m" || unit === "h" || unit === "d") return Number(amount) * unitMs[unit];
  throw new InvalidArgumentError(`"${text}" is not a duration such as 30s or 5m`);
}

/** Parses a whole number. @throws InvalidArgumentError */
export function parseCount(text: string): number {
  if (/^\d+$/.test(text)) return Number(text);
  throw new InvalidArgumentError(`"${text}" is not a whole number`);
}

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
