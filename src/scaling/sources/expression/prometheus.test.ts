import { expect, test } from "vitest";
import { prometheusSignal } from "./prometheus.ts";

const now = 1_800_000_000_000;
const at = now / 1000;
const success = (resultType: string, result: unknown, more = {}) => ({
  status: "success",
  data: { resultType, result },
  ...more,
});

test.each([
  ["one sample", success("vector", [{ metric: {}, value: [at, "7.5"] }]), { kind: "value", value: 7.5 }],
  ["a zero", success("vector", [{ metric: {}, value: [at, "0"] }]), { kind: "value", value: 0 }],
  ["a scalar", success("scalar", [at, "3"]), { kind: "value", value: 3 }],
  ["a slightly older sample", success("scalar", [at - 100, "3"]), { kind: "value", value: 3 }],
  ["an old sample", success("scalar", [at - 300, "3"]), { kind: "stale", value: 3, ageMs: 300_000 }],
  ["a clock ahead", success("scalar", [at + 300, "3"]), "the result is dated 300 s ahead of this clock"],
  ["no sample", success("vector", []), "the query has no result"],
  [
    "several samples",
    success("vector", [{ value: [at, "1"] }, { value: [at, "2"] }]),
    "the query has 2 results, and one is needed, e.g. by sum()",
  ],
  ["NaN", success("scalar", [at, "NaN"]), "the result is NaN"],
  ["+Inf", success("scalar", [at, "+Inf"]), "the result is NaN"],
  ["Infinity", success("scalar", [at, "Infinity"]), "the result is Infinity"],
  ["an empty text", success("scalar", [at, ""]), "the result is NaN"],
  ["a negative number", success("scalar", [at, "-1"]), "the result is -1"],
  ["a range", success("matrix", []), "the query has a matrix as its result"],
  [
    "a partial answer",
    success("scalar", [at, "3"], { warnings: ["store-2 is down"] }),
    "the answer is partial: store-2 is down",
  ],
  ["a failed query", { status: "error", errorType: "timeout", error: "too slow" }, "the query failed: too slow"],
  ["another document", { items: [] }, "the answer is not one of Prometheus"],
])("%s", (_, body, signal) => {
  expect(prometheusSignal(body, now)).toEqual(
    typeof signal === "string" ? { kind: "unknown", reason: signal } : signal,
  );
});
