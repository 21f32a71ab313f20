import type { ReplicaRange } from "../model.ts";
import type { Notation } from "./notation.ts";

/** More instances of one agent than any target starts. */
const most = 100_000;

/**
 * Reads a count (3) or a range (0-5). The order of the two is not judged here.
 *
 * @example parseRange("0-5") // { ok: true, value: { min: 0, max: 5 } }
 */
export function parseRange(value: string | number | boolean): Notation<ReplicaRange> {
  if (typeof value === "number") {
    if (value < 0) return { ok: false, why: "it is negative" };
    if (!Number.isSafeInteger(value)) return { ok: false, why: "it is not whole" };
    return bounded({ min: value, max: value });
  }
  const written = String(value).trim();
  const match = /^(\d{1,15})\s*-\s*(\d{1,15})$/.exec(written);
  if (match !== null) return bounded({ min: Number(match[1]), max: Number(match[2]) });
  if (/^\d{1,15}$/.test(written)) {
    return { ok: false, why: "it is text", suggestion: written };
  }
  const near = /^(\d+)\s*(?:\.\.+|–|—|to|bis|:|,|\/)\s*(\d+)$/i.exec(written);
  if (near !== null) return { ok: false, why: "a range is written with a dash", suggestion: `${near[1]}-${near[2]}` };
  if (/^-\d/.test(written)) return { ok: false, why: "it is negative" };
  const open = /^(\d+)\s*(?:-|\+|\.\.)$/.exec(written);
  if (open !== null)
    return { ok: false, why: "the upper end is missing", fix: `write for example ${open[1]}-${Number(open[1]) + 5}` };
  return { ok: false, why: "a whole number or a range such as 0-5 is expected" };
}

function bounded(range: ReplicaRange): Notation<ReplicaRange> {
  return Math.max(range.min, range.max) > most ? { ok: false, why: `it is over ${most}` } : { ok: true, value: range };
}
