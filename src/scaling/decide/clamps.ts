import type { Clamp, ReasonCode } from "./decision.ts";

/** A count on its way through the limits, with each limit that changed it. */
export interface Clamped {
  readonly count: number;
  readonly clamps: readonly Clamp[];
}

/** Notes a limit where it changes the count. */
export function clampTo(given: Clamped, count: number, code: ReasonCode, reason: string): Clamped {
  return count === given.count ? given : { count, clamps: [...given.clamps, { code, reason }] };
}

/** The limit that had the last word; undefined: none changed the count. */
export function lastClamp({ clamps }: Clamped): Clamp | undefined {
  return clamps.at(-1);
}
