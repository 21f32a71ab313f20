import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, onTestFinished, test } from "vitest";
import { removeBrokenAttributes } from "./attributes.ts";
import { parseBackend } from "./backend.ts";

test("only what is not whole goes, and only beside the files of the stack", async () => {
  const dir = mkdtempSync(join(tmpdir(), "swarm-attributes-"));
  onTestFinished(() => rmSync(dir, { recursive: true }));
  const stacks = join(dir, ".pulumi", "stacks", "swarmstack");
  mkdirSync(stacks, { recursive: true });
  const files = {
    "team.json": "{",
    "team.json.attrs": "",
    "team.json.bak.attrs": '{"user.md5":',
    "team.json.gz.attrs": "{}",
    "team-g2.json.attrs": "",
  };
  for (const [name, text] of Object.entries(files)) writeFileSync(join(stacks, name), text);
  expect(await removeBrokenAttributes(parseBackend(`file://${dir}`), "team")).toBe(2);
  expect(readdirSync(stacks).sort()).toEqual(["team-g2.json.attrs", "team.json", "team.json.gz.attrs"]);
  expect(await removeBrokenAttributes(parseBackend("s3://bucket"), "team")).toBe(0);
});
