import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { identify, parseStat } from "./identity.ts";

const fields = "1 4711 4711 0 -1 4194304 98 0 0 0 0 0 0 0 20 0 1 0 98036 3133440 393";

test.each([
  { text: `4711 (cat) R ${fields}`, stat: { state: "R", group: 4711, startTicks: "98036" } },
  { text: `4711 (a) Z (b c)) Z ${fields}`, stat: { state: "Z", group: 4711, startTicks: "98036" } },
  { text: "", stat: undefined },
  { text: "4711 (cat) R 1", stat: undefined },
])("parses $text", ({ text, stat }) => {
  expect(parseStat(text)).toEqual(stat);
});

test("a process keeps its identity, and two of the same moment differ", () => {
  expect(identify(process.pid)).toEqual(identify(process.pid));
  expect(identify(process.pid)?.startTime).not.toBe(identify(process.ppid)?.startTime);
});

test("an ended process has none", () => {
  const pid = Number(execFileSync("sh", ["-c", "echo $$"], { encoding: "utf8" }));
  expect(identify(pid)).toBeUndefined();
});
