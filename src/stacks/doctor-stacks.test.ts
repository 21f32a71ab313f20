import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { parseBackend, stackFolder } from "./backend.ts";
import { checkStacks } from "./doctor-stacks.ts";

test("doctor shows damaged states, and locks with whose they are and what breaks them", async () => {
  const dir = mkdtempSync(join(tmpdir(), "swarm-doctor-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const look = () => checkStacks({ backend: parseBackend(`file://${dir}`) });
  const write = (file: string, text: string) => {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
    utimesSync(file, 0, 0);
  };
  expect(await look()).toMatchObject([{ status: "ok", detail: "states: 0, none damaged or locked" }]);
  write(join(stackFolder(dir, "stacks"), "whole.json"), "{}");
  expect(await look()).toMatchObject([{ status: "ok", detail: "states: 1, none damaged or locked" }]);
  const locks = stackFolder(dir, "locks");
  const holder = { pid: 1, username: "ada", hostname: "not-here", timestamp: "2026-11-22T12:00:00Z" };
  write(join(locks, "whole", "a.json"), JSON.stringify(holder));
  write(join(locks, "other", "b.json"), "");
  const [row] = await look();
  expect(row?.status).toBe("warn");
  expect(row?.detail).toContain("cluster whole is locked by ada@not-here (process 1) since 2026-11-22");
  expect(row?.detail).toContain("swarmctl pulumi cancel --stack whole --yes");
  expect(row?.detail).toContain("cluster other: an empty or damaged lock file");
  write(join(stackFolder(dir, "stacks"), "half.json"), "{");
  expect(await look()).toMatchObject([{ status: "fail", detail: expect.stringContaining("half.json cannot be read") }]);
  expect(await checkStacks({ backend: parseBackend("s3://bucket") })).toEqual([]);
});
