import { didYouMean } from "../../platform/did-you-mean.ts";
import type { Notation } from "./notation.ts";

const units = new Map<string, number>([
  ...(["ms", "millisecond", "milliseconds"] as const).map((unit) => [unit, 1] as const),
  ...(["s", "sec", "second", "seconds"] as const).map((unit) => [unit, 1000] as const),
  ...(["m", "min", "minute", "minutes"] as const).map((unit) => [unit, 60_000] as const),
  ...(["h", "hour", "hours"] as const).map((unit) => [unit, 3_600_000] as const),
  ...(["d", "day", "days"] as const).map((unit) => [unit, 86_400_000] as const),
]);

/** Days of what is no unit, as its length varies or is not obvious. */
const calendar = new Map<string, number>([
  ...(["w", "week", "weeks"] as const).map((unit) => [unit, 7] as const),
  ...(["mo", "month", "months"] as const).map((unit) => [unit, 30] as const),
  ...(["y", "year", "years"] as const).map((unit) => [unit, 365] as const),
]);

const longest = 3650 * 86_400_000;
const part = /^(\d+(?:\.\d+)?)\s*([a-z]+)\s*/i;

/**
 * Parses a duration into milliseconds: a number and a unit, or several ("1 hour 30 minutes").
 * @example parseDuration("4 hours") // { ok: true, value: 14_400_000 }
 */
export function parseDuration(value: string | number | boolean): Notation<number> {
  let rest = String(value).trim();
  if (rest.startsWith("-")) return { ok: false, why: "it is negative" };
  if (typeof value === "number" || /^\d+(\.\d+)?$/.test(rest)) {
    if (Number(rest) === 0) return { ok: false, why: "it is zero" };
    return { ok: false, why: "it has no unit", suggestion: `"${rest} seconds"` };
  }
  let total = 0;
  while (rest !== "") {
    const match = part.exec(rest);
    const [all, amount, unit] = match ?? [];
    if (all === undefined || amount === undefined || unit === undefined) {
      return { ok: false, why: `a number with a unit is expected at "${rest.slice(0, 20)}"` };
    }
    if (unit === "M") return { ok: false, why: "M is minutes or months", fix: "write minutes, or days for months" };
    const size = units.get(unit.toLowerCase());
    if (size === undefined) {
      const days = calendar.get(unit.toLowerCase());
      if (days !== undefined) {
        const suggestion = all.length === String(value).trim().length ? `${Number(amount) * days} days` : undefined;
        return { ok: false, why: `there is no unit "${unit}"`, suggestion, fix: "write it in days" };
      }
      const meant = didYouMean(unit, unit.endsWith("s") ? plurals : singulars);
      const suggestion = meant === undefined ? undefined : String(value).replace(unit, meant);
      return { ok: false, why: `there is no unit "${unit}"`, suggestion };
    }
    total += Number(amount) * size;
    rest = rest.slice(all.length);
  }
  if (Math.round(total) === 0)
    return { ok: false, why: total === 0 ? "it is zero" : "it is shorter than a millisecond" };
  if (total > longest) return { ok: false, why: "it is longer than ten years" };
  return { ok: true, value: Math.round(total) };
}

const plurals = [...units.keys()].filter((unit) => unit.length > 3 && unit.endsWith("s"));
const singulars = plurals.map((unit) => unit.slice(0, -1));
