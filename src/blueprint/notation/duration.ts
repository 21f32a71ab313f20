import { didYouMean } from "../diagnostics/did-you-mean.ts";
import type { Notation } from "./notation.ts";

const units = new Map<string, number>([
  ...(["ms", "millisecond", "milliseconds"] as const).map((unit) => [unit, 1] as const),
  ...(["s", "sec", "second", "seconds"] as const).map((unit) => [unit, 1000] as const),
  ...(["m", "min", "minute", "minutes"] as const).map((unit) => [unit, 60_000] as const),
  ...(["h", "hour", "hours"] as const).map((unit) => [unit, 3_600_000] as const),
  ...(["d", "day", "days"] as const).map((unit) => [unit, 86_400_000] as const),
]);

const longest = 3650 * 86_400_000;
const part = /^(\d+(?:\.\d+)?)\s*([a-z]+)\s*/i;

/**
 * Parses a duration into milliseconds: a number and a unit, or several ("1 hour 30 minutes").
 * @example parseDuration("4 hours") // { ok: true, value: 14_400_000 }
 */
export function parseDuration(value: string | number | boolean): Notation<number> {
  if (typeof value === "number") {
    return { ok: false, why: "it has no unit", suggestion: `"${value} seconds"` };
  }
  let rest = String(value).trim();
  if (/^\d+(\.\d+)?$/.test(rest)) return { ok: false, why: "it has no unit", suggestion: `"${rest} seconds"` };
  if (rest.startsWith("-")) return { ok: false, why: "it is negative" };
  let total = 0;
  while (rest !== "") {
    const match = part.exec(rest);
    const [all, amount, unit] = match ?? [];
    if (all === undefined || amount === undefined || unit === undefined) {
      return { ok: false, why: `a number with a unit is expected at "${rest.slice(0, 20)}"` };
    }
    const size = units.get(unit.toLowerCase());
    if (size === undefined) {
      const meant = didYouMean(unit, unit.endsWith("s") ? plurals : singulars);
      const suggestion = meant === undefined ? undefined : String(value).replace(unit, meant);
      return { ok: false, why: `there is no unit "${unit}"`, suggestion };
    }
    total += Number(amount) * size;
    rest = rest.slice(all.length);
  }
  if (total === 0) return { ok: false, why: "it is zero" };
  if (total > longest) return { ok: false, why: "it is longer than ten years" };
  return { ok: true, value: Math.round(total) };
}

const plurals = [...units.keys()].filter((unit) => unit.length > 3 && unit.endsWith("s"));
const singulars = plurals.map((unit) => unit.slice(0, -1));
