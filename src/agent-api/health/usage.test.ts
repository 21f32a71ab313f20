import { expect, test } from "vitest";
import { parseProcStat, parsePs } from "../../supervisor/measure/parse.ts";
import { sampleProcesses } from "../../supervisor/measure/processes.ts";
import { sumByLeader, usageBetween } from "./usage.ts";

const stat =
  "4711 (a (b) c) S 1 4700 4690 0 -1 4194304 98 0 0 0 150 50 7 3 20 0 1 0 98036 3133440 393 18446744073709551615";

test("/proc/PID/stat: leader of the session, processor time with that of ended children, resident memory", () => {
  expect(parseProcStat(stat, 4096)).toEqual({ pid: 4711, leader: 4690, cpuMs: 2_100, memoryBytes: 393 * 4096 });
  expect(parseProcStat("", 4096)).toBeUndefined();
  expect(parseProcStat("1 (x) S 1", 4096)).toBeUndefined();
});

test("ps of macOS", () => {
  const text = "    1     1   0:03.25   2048\n  501   500 1-02:03:04  10\n\nnonsense\n";
  expect(parsePs(text)).toEqual([
    { pid: 1, leader: 1, cpuMs: 3_250, memoryBytes: 2048 * 1024 },
    { pid: 501, leader: 500, cpuMs: 93_784_000, memoryBytes: 10 * 1024 },
  ]);
});

test.each([
  { name: "the first sample", before: undefined, usage: { memoryBytes: 7 } },
  { name: "a busy second", before: { atMs: 0, cpuMs: 500, memoryBytes: 1 }, usage: { cpu: 1.5, memoryBytes: 7 } },
  { name: "a sum that fell", before: { atMs: 0, cpuMs: 9_000, memoryBytes: 1 }, usage: { cpu: 0, memoryBytes: 7 } },
  { name: "no time", before: { atMs: 1_000, cpuMs: 0, memoryBytes: 1 }, usage: { memoryBytes: 7 } },
])("$name: $usage", ({ before, usage }) => {
  expect(usageBetween(before, { atMs: 1_000, cpuMs: 2_000, memoryBytes: 7 })).toEqual(usage);
});

test("the processes of an instance are added up", () => {
  const processes = [
    { pid: 1, leader: 1, cpuMs: 10, memoryBytes: 100 },
    { pid: 2, leader: 1, cpuMs: 5, memoryBytes: 50 },
    { pid: 3, leader: 3, cpuMs: 1, memoryBytes: 1 },
  ];
  expect(sumByLeader(processes, 9).get(1)).toEqual({ atMs: 9, cpuMs: 15, memoryBytes: 150 });
});

test("this process is there, and uses something", async () => {
  const mine = (await sampleProcesses()).find(({ pid }) => pid === process.pid);
  expect(mine?.cpuMs).toBeGreaterThan(0);
  expect(mine?.memoryBytes).toBeGreaterThan(1024 * 1024);
});
