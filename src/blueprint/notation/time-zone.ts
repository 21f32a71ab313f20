import { didYouMean } from "../diagnostics/did-you-mean.ts";
import type { Notation } from "./notation.ts";

/** Checks an IANA time zone by the tables of the running Node. */
export function parseTimeZone(value: string | number | boolean): Notation<string> {
  const name = String(value);
  try {
    new Intl.DateTimeFormat("en", { timeZone: name });
    // Offsets (+01:00) know no summer time, and are not the names that the field is about.
    if (/^[A-Za-z]/.test(name)) return { ok: true, value: name };
  } catch {
    // A RangeError is Intl's way to say that there is no such zone.
  }
  return {
    ok: false,
    why: "not in the IANA database",
    suggestion: didYouMean(name, Intl.supportedValuesOf("timeZone")),
  };
}
