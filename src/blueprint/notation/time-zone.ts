import { didYouMean } from "../../platform/did-you-mean.ts";
import type { Notation } from "./notation.ts";

/** Parses an IANA time zone, using the tables of the running Node. */
export function parseTimeZone(value: string | number | boolean): Notation<string> {
  const name = String(value);
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets (+01:00) have no daylight saving time, and are not names.
    if (/^[A-Za-z]/.test(name)) return { ok: true, value: name };
  } catch {
    // Intl throws a RangeError for an unknown zone.
  }
  return {
    ok: false,
    why: "not in the IANA database",
    suggestion: didYouMean(name, Intl.supportedValuesOf("timeZone")),
  };
}
