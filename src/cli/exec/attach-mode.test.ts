import { expect, test } from "vitest";
import { attachMode } from "./attach-mode.ts";

const both = { stdin: true, stdout: true };
const none = { stdin: false, stdout: false };

test.each([
  { flags: {}, at: both, mode: "terminal" },
  { flags: {}, at: { stdin: true, stdout: false }, mode: "output" },
  { flags: {}, at: none, mode: "output" },
  { flags: { interactive: true }, at: both, mode: "streams" },
  { flags: { interactive: true }, at: none, mode: "streams" },
  { flags: { interactive: true, tty: true }, at: both, mode: "terminal" },
  { flags: { tty: true }, at: { stdin: true, stdout: false }, mode: "terminal" },
  { flags: { tty: false }, at: both, mode: "output" },
  { flags: { interactive: true, tty: false }, at: both, mode: "streams" },
])("$flags on $at: $mode", ({ flags, at, mode }) => {
  expect(attachMode(flags, at)).toBe(mode);
});

test("a terminal is refused where standard input is none", () => {
  expect(() => attachMode({ interactive: true, tty: true }, none)).toThrow(/-t needs a terminal/);
});
