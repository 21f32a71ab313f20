import { expect, test } from "vitest";
import { moveFormat } from "../../agent-api/control/move-wire.ts";
import { refuseFormatMismatch, refuseHot } from "./preconditions.ts";

const minute = 60_000;

test.each([
  { name: "never migrated", movedAt: undefined, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "long ago", movedAt: 0, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "ten minutes ago to the millisecond", movedAt: 90 * minute, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "nine minutes ago", movedAt: 91 * minute, coolDownMs: 10 * minute, leftMs: minute },
  { name: "nine minutes ago, without a cool-down", movedAt: 91 * minute, coolDownMs: 0, leftMs: 0 },
])("$name: $leftMs ms are left", ({ movedAt, coolDownMs, leftMs }) => {
  const judge = () => refuseHot("team", { movedAt, coolDownMs, now: 100 * minute });
  if (leftMs === 0) expect(judge).not.toThrow();
  else expect(judge).toThrow(expect.objectContaining({ code: "SW626", values: expect.objectContaining({ leftMs }) }));
});

const ours = { version: "1.0.0", format: moveFormat, shutFor: "op-1" };

test("accepts a server with this format that is fenced for the operation", () => {
  expect(() => refuseFormatMismatch("team-g2", ours, "op-1")).not.toThrow();
});

test.each([
  { name: "another format", found: { ...ours, format: 99 }, words: "(version 1.0.0) uses checkpoint format 99" },
  { name: "not fenced", found: { ...ours, shutFor: null }, words: "is not fenced for this operation" },
  {
    name: "fenced for another operation",
    found: { ...ours, shutFor: "op-2" },
    words: "is not fenced for this operation",
  },
])("rejects: $name", ({ found, words }) => {
  expect(() => refuseFormatMismatch("team-g2", found, "op-1")).toThrow(
    expect.objectContaining({ code: "SW625", message: expect.stringContaining(words) }),
  );
});
