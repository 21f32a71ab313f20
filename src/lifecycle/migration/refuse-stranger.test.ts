import { expect, test } from "vitest";
import { moveFormat } from "../../runtime/control/move-wire.ts";
import { refuseStranger } from "./refuse-stranger.ts";

const ours = { version: "1.0.0", format: moveFormat, shutFor: "op-1" };

test("a server of this version that waits for the operation is given the cluster", () => {
  expect(() => refuseStranger("team-g2", ours, "op-1")).not.toThrow();
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
  expect(() => refuseStranger("team-g2", found, "op-1")).toThrow(
    expect.objectContaining({ code: "SW625", message: expect.stringContaining(words) }),
  );
});
