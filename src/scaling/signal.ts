/** A measured quantity. "No data" is a type, never a zero: `unknown` may hold or raise a count, and never lower it. */
export type Signal =
  | { readonly kind: "value"; readonly value: number }
  /** The last known value; like `unknown`, it never lowers a count. */
  | { readonly kind: "stale"; readonly value: number; readonly ageMs: number }
  | { readonly kind: "unknown"; readonly reason: string };

/** A value, unless it is no finite number or negative. */
export function signalOf(value: number, what: string): Signal {
  if (Number.isFinite(value) && value >= 0) return { kind: "value", value };
  return { kind: "unknown", reason: `${what} is ${value}` };
}

/** A signal as it can be computed with: what was not read, and what is no finite number or negative, is unknown. */
export function checked(signal: Signal | undefined): Signal {
  if (signal === undefined) return unknown("it was not read");
  if (signal.kind === "unknown") return signal;
  const judged = signalOf(signal.value, "the value");
  return judged.kind === "unknown" ? judged : signal;
}

export function unknown(reason: string): Signal {
  return { kind: "unknown", reason };
}

/** Sums signals: unknown if one is unknown, stale if one is stale. */
export function sumOf(signals: readonly Signal[]): Signal {
  let value = 0;
  let ageMs: number | undefined;
  for (const signal of signals) {
    if (signal.kind === "unknown") return signal;
    if (signal.kind === "stale") ageMs = Math.max(ageMs ?? 0, signal.ageMs);
    value += signal.value;
  }
  return ageMs === undefined ? { kind: "value", value } : { kind: "stale", value, ageMs };
}

/** Formats a signal for a sentence. @example describeSignal({ kind: "value", value: 7 }) // "7" */
export function describeSignal(signal: Signal): string {
  switch (signal.kind) {
    case "value":
      return String(Math.round(100 * signal.value) / 100);
    case "stale":
      return `${Math.round(100 * signal.value) / 100}, ${Math.round(signal.ageMs / 1000)} s old`;
    case "unknown":
      return `unknown (${signal.reason})`;
    default:
      return signal satisfies never;
  }
}
