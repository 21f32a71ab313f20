import { execFileSync } from "node:child_process";
import { expect, test } from "vitest";
import { tarOf } from "./tar.ts";

test("§1 uploads: the archive is one that tar reads, whatever the names and sizes", () => {
  const paths = ["a", `${"b".repeat(99)}c`, `${"folder/".repeat(40)}ä`, `d/${"e".repeat(200)}`];
  const files = paths.map((path, index) => ({ path, content: Buffer.alloc(index * 511, 65), mode: 0o600 + index }));
  const archive = tarOf(files);
  const env = { ...process.env, LC_ALL: "C.UTF-8" };
  const listed = execFileSync("tar", ["--numeric-owner", "-tvf", "-"], { input: archive, env })
    .toString()
    .trim()
    .split("\n");
  expect(listed.map((line) => line.split(/\s+/))).toEqual(
    files.map(({ path, content }, index) => [
      ["-rw-------", "-rw------x", "-rw-----w-", "-rw-----wx"][index],
      "0/0",
      String(content.length),
      expect.anything(),
      expect.anything(),
      path,
    ]),
  );
  const [, , third = ""] = paths;
  expect(execFileSync("tar", ["-xOf", "-", third], { input: archive, env })).toEqual(files[2]?.content);
});
