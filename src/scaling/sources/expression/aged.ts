import { type Signal, signalOf, unknown } from "../../signal.ts";

/** Two scrapes at the default interval of Prometheus. A clock that is off by more says nothing about now. */
const freshMs = 120_000;

/** A value that was measured some time ago; a negative age is a clock that is ahead. */
export function agedSignal(value: number, what: string, ageMs: number): Signal {
  const signal = signalOf(value, what);
  if (signal.kind !== "value") return signal;
  if (ageMs < -freshMs) return unknown(`${what} is dated ${Math.round(-ageMs / 1000)} s ahead of this clock`);
  return ageMs > freshMs ? { kind: "stale", value, ageMs } : signal;
}
