import { expect, test } from "vitest";
import { moveFormat } from "../../agent-api/control/move-wire.ts";
import { refuseFormatMismatch, refuseHot } from "./preconditions.ts";

const minute = 60_000;

test.each([
  { name: "it has never moved", movedAt: undefined, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "long ago", movedAt: 0, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "ten minutes ago to the millisecond", movedAt: 90 * minute, coolDownMs: 10 * minute, leftMs: 0 },
  { name: "nine minutes ago", movedAt: 91 * minute, coolDownMs: 10 * minute, leftMs: minute },
  { name: "nine minutes ago, and nobody minds", movedAt: 91 * minute, coolDownMs: 0, leftMs: 0 },
])("$name: $leftMs ms are left", ({ movedAt, coolDownMs, leftMs }) => {
  const judge = () => refuseHot("team", { movedAt, coolDownMs, now: 100 * minute });
  if (leftMs === 0) expect(judge).not.toThrow();
  else expect(judge).toThrow(expect.objectContaining({ code: "SW626", values: expect.objectContaining({ leftMs }) }));
});

const ours = { version: "1.0.0", format: moveFormat, shutFor: "op-1" };

test("a server of this version that waits for the operation is given the cluster", () => {
  expect(() => refuseFormatMismatch("team-g2", ours, "op-1")).not.toThrow();
});

test.each([
  { name: "another format", found: { ...ours, format: 99 }, words: "of version 1.0.0, carries states in format 99" },
  { name: "its gate is open", found: { ...ours, shutFor: null }, words: "does not wait for this operation" },
  {
    name: "it waits for another operation",
    found: { ...ours, shutFor: "op-2" },
    words: "does not wait for this operation",
  },
])("refused: $name", ({ found, words }) => {
  expect(() => refuseFormatMismatch("team-g2", found, "op-1")).toThrow(
    expect.objectContaining({ code: "SW625", message: expect.stringContaining(words) }),
  );
});
