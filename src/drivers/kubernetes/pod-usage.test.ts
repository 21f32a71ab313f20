import { expect, test } from "vitest";
import { parseQuantity, podUsage } from "./pod-usage.ts";

test.each([
  ["0", 0],
  ["1", 1],
  ["250m", 0.25],
  ["3219532n", 0.003219532],
  ["17u", 0.000017],
  ["12Mi", 12 * 2 ** 20],
  ["1.5Gi", 1.5 * 2 ** 30],
  ["2M", 2_000_000],
  ["", undefined],
  ["-1", undefined],
  ["4 cores", undefined],
  [undefined, undefined],
])("quantity %s", (text, number) => {
  expect(parseQuantity(text)).toBe(number);
});

const pod = (usage: object, name = "agent") => ({ metadata: { name: "writer-0" }, containers: [{ name, usage }] });

test("usage of the agent's container; what is not told is unknown, never zero", () => {
  expect(podUsage(pod({ cpu: "250m", memory: "64Mi" }), "agent")).toEqual([
    "writer-0",
    { cpu: 0.25, memoryBytes: 64 * 2 ** 20 },
  ]);
  expect(podUsage(pod({ memory: "64Mi" }), "agent")).toEqual(["writer-0", { memoryBytes: 64 * 2 ** 20 }]);
  const timed = { ...pod({ cpu: "1" }), timestamp: "2026-01-02T03:04:05Z" };
  expect(podUsage(timed, "agent")).toEqual(["writer-0", { cpu: 1, at: Date.UTC(2026, 0, 2, 3, 4, 5) }]);
  expect(podUsage({ ...timed, timestamp: "now" }, "agent")).toEqual(["writer-0", { cpu: 1 }]);
  expect(podUsage(pod({ cpu: "x" }), "agent")).toEqual(["writer-0", {}]);
  expect(podUsage(pod({ cpu: "1" }, "sidecar"), "agent")).toBeUndefined();
  expect(podUsage({}, "agent")).toBeUndefined();
});
