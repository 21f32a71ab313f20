import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { makeOwnFolder, prepareFolders, whyUnusable } from "./prepare-operation.ts";

function scratch(): string {
  const dir = mkdtempSync(join(tmpdir(), "swarm-folders-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  writeFileSync(join(dir, "file"), "");
  return dir;
}

test.each([
  { title: "a temporary folder that is missing", variable: "TMPDIR", path: "none", reason: "none is missing" },
  { title: "a temporary folder that is a file", variable: "TMPDIR", path: "file", reason: "file is not a folder" },
  { title: "a home below a file", variable: "SWARM_HOME", path: "file/home", reason: "file is not a folder" },
  { title: "a home that can be made", variable: "SWARM_HOME", path: "a/b", reason: undefined },
])("$title: $reason", ({ variable, path, reason }) => {
  const dir = scratch();
  const folder = { path: join(dir, path), variable, holds: "files", neededBytes: 1 };
  expect(whyUnusable(folder)).toBe(reason === undefined ? undefined : `${dir}/${reason}`);
});

test("a disk without room says how much is free", () => {
  const neededBytes = Number.MAX_SAFE_INTEGER;
  expect(whyUnusable({ path: scratch(), variable: "SWARM_HOME", holds: "files", neededBytes })).toMatch(
    /has [0-9.]+ MiB free, [0-9.]+ MiB are needed/,
  );
});

test("an operation is refused with the variable to set", () => {
  const dir = scratch();
  const env = { TMPDIR: join(dir, "none") };
  expect(() => prepareFolders({ home: dir, env })).toThrow(
    expect.objectContaining({ code: "SW509", hints: [expect.stringContaining("set TMPDIR"), expect.anything()] }),
  );
  expect(() => prepareFolders({ home: join(dir, "file"), env: { TMPDIR: dir } })).toThrow(/is not a folder/);
  expect(() => prepareFolders({ home: join(dir, "new"), env: { TMPDIR: dir } })).not.toThrow();
  expect(() => makeOwnFolder(join(dir, "file", "x"), "PULUMI_HOME", "files")).toThrow(/is not a folder/);
});
