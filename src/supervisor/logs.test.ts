import { appendFileSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { rotate } from "../platform/rotation.ts";
import { follow, lastLines, logPath, removeLog, tail } from "./logs.ts";

const tiny = { maxBytes: 9, files: 3 };

function scratchLog(onFinished: (clean: () => void) => void) {
  const dir = mkdtempSync(join(tmpdir(), "swarm-logs-"));
  onFinished(() => rmSync(dir, { recursive: true }));
  const path = logPath(dir, "writer-0");
  mkdirSync(dirname(path));
  appendFileSync(path, "");
  return { dir, path, write: (text: string) => appendFileSync(path, text) };
}

test("the tail reads older parts, and joins a line that a rotation has split", ({ onTestFinished }) => {
  const { dir, path, write } = scratchLog(onTestFinished);
  write("1\n2\n  thr");
  expect(rotate(path, tiny)).toBe(true);
  write("ee\n4\n");
  expect(tail(dir, "writer-0", 2)).toEqual(["  three", "4"]);
  expect(tail(dir, "writer-0", 3)).toEqual(["2", "  three", "4"]);
  expect(tail(dir, "writer-0", 9)).toEqual(["1", "2", "  three", "4"]);
  expect(tail(dir, "writer-0", 0)).toEqual([]);
});

test("an instance without a log, and a name outside of the folder, are refused", ({ onTestFinished }) => {
  const { dir } = scratchLog(onTestFinished);
  for (const instance of ["writer-1", "../logs/writer-0"]) {
    expect(() => tail(dir, instance, 1)).toThrow(expect.objectContaining({ code: "SW705" }));
  }
});

test("following neither loses nor repeats lines across rotations", async ({ onTestFinished }) => {
  const { dir, path, write } = scratchLog(onTestFinished);
  write("past\n");
  const stop = new AbortController();
  const lines = follow(dir, "writer-0", { signal: stop.signal, lines: 1, intervalMs: 5 });
  const next = async () => (await lines.next()).value;
  expect(await next()).toBe("past");
  write("a\nb\n");
  expect([await next(), await next()]).toEqual(["a", "b"]);
  write("c\nhalf ");
  expect(rotate(path, tiny)).toBe(true);
  write("a line\nd\n");
  expect([await next(), await next(), await next()]).toEqual(["c", "half a line", "d"]);
  expect(rotate(path, tiny)).toBe(true);
  write("this is longer than what was read before the rotation\n");
  expect(await next()).toMatch(/^this is longer/);
  stop.abort();
  expect(await lines.next()).toEqual({ done: true, value: undefined });
});

test("following gives the end of a log that is removed with its instance, and goes on with that of the next one", async ({
  onTestFinished,
}) => {
  const { dir, path, write } = scratchLog(onTestFinished);
  const stop = new AbortController();
  write("past\n");
  expect(rotate(path, tiny)).toBe(false);
  const lines = follow(dir, "writer-0", { signal: stop.signal, lines: 1, intervalMs: 5 });
  const next = async () => (await lines.next()).value;
  expect(await next()).toBe("past");
  write("last words\n");
  removeLog(dir, "writer-0");
  expect(await next()).toBe("last words");
  write("another life\n");
  expect(readdirSync(dirname(path))).toEqual(["writer-0.log"]);
  expect(await next()).toBe("another life");
  stop.abort();
});

test("the last lines of one run only", ({ onTestFinished }) => {
  const { path, write } = scratchLog(onTestFinished);
  write("old run\n");
  write("a\nb\nc\n");
  expect(lastLines(path, 8, 2)).toEqual(["b", "c"]);
  expect(lastLines(path, 8, 9)).toEqual(["a", "b", "c"]);
  expect(lastLines(`${path}.none`, 0, 1)).toEqual([]);
});
