import type { Notation } from "./notation.ts";

const sizes: Readonly<Record<string, number>> = {
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/**
 * Parses an amount of CPU into thousandths of a core.
 * @example parseCpu("500m") // { ok: true, value: 500 }
 */
export function parseCpu(value: string | number | boolean): Notation<number> {
  const written = String(value).trim();
  const match = /^(\d{1,9}(?:\.\d{1,9})?)(m?)$/.exec(written);
  if (match === null) {
    const cores = /^(\d+(?:\.\d+)?)\s*(?:v?cpus?|cores?)$/i.exec(written);
    return { ok: false, why: "cores (2, 0.5) or thousandths (500m) are expected", suggestion: cores?.[1] };
  }
  const millis = Number(match[1]) * (match[2] === "m" ? 1 : 1000);
  if (millis <= 0) return { ok: false, why: "it is zero" };
  if (!Number.isInteger(millis)) return { ok: false, why: "it is finer than a thousandth of a core (1m)" };
  return { ok: true, value: millis };
}

/**
 * Parses an amount of memory or storage into bytes. A unit is required: 512 alone would be half a kilobyte.
 * @example parseBytes("2Gi") // { ok: true, value: 2_147_483_648 }
 */
export function parseBytes(value: string | number | boolean): Notation<number> {
  const written = String(value).trim();
  const [, amount = "", unit = ""] = /^(\d{1,12}(?:\.\d{1,9})?)\s*([A-Za-z]*)$/.exec(written) ?? [];
  if (amount === "") return { ok: false, why: "a number with a unit such as 512Mi is expected" };
  const size = sizes[unit];
  if (size === undefined || /\s/.test(written)) {
    const why =
      unit === "" ? "it has no unit" : size === undefined ? `there is no unit "${unit}"` : "there is a space in it";
    return { ok: false, why, suggestion: `${amount}${likelyUnit(unit)}` };
  }
  const bytes = Number(amount) * size;
  if (bytes < 1) return { ok: false, why: "it is zero" };
  if (bytes > Number.MAX_SAFE_INTEGER) return { ok: false, why: "it is over 8 PiB" };
  return { ok: true, value: Math.round(bytes) };
}

function likelyUnit(unit: string): string {
  const letter = unit.charAt(0).toUpperCase();
  return letter === "K" ? "Ki" : letter === "G" || letter === "T" ? `${letter}i` : "Mi";
}
