import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { rotate, rotationOf } from "./rotation.ts";

const limits = { maxBytes: 10, files: 3 };

test.each([
  { sizeBytes: 0, decision: undefined },
  { sizeBytes: 9, decision: undefined },
  { sizeBytes: 10, decision: { keepBytes: 10, dropBytes: 0 } },
  { sizeBytes: 20, decision: { keepBytes: 20, dropBytes: 0 } },
  { sizeBytes: 25, decision: { keepBytes: 20, dropBytes: 5 } },
])("a log of $sizeBytes bytes: $decision", ({ sizeBytes, decision }) => {
  expect(rotationOf(sizeBytes, limits)).toEqual(decision);
});

test("three files are kept, and the writer goes on in the first", ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-rotation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = join(folder, "a.log");
  writeFileSync(log, "");
  for (const letter of ["a", "b", "c", "d"]) {
    appendFileSync(log, `${letter.repeat(9)}\n`);
    expect(rotate(log, limits)).toBe(true);
  }
  appendFileSync(log, "e\n");
  expect(rotate(log, limits)).toBe(false);
  expect([log, `${log}.1`, `${log}.2`].map((path) => readFileSync(path, "utf8")[0])).toEqual(["e", "d", "c"]);
  expect(existsSync(`${log}.3`)).toBe(false);
});

test("of a log that grew far over its bound only the end is kept, and says so", ({ onTestFinished }) => {
  const folder = mkdtempSync(join(tmpdir(), "swarm-rotation-"));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const log = join(folder, "a.log");
  writeFileSync(log, `${"x".repeat(99)}${"y".repeat(20)}`);
  rotate(log, limits);
  expect(readFileSync(`${log}.1`, "utf8")).toBe(`[swarmstack] earlier lines dropped: 99 bytes\n${"y".repeat(20)}`);
  expect(statSync(log).size).toBe(0);
});
