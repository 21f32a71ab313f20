import { execFileSync, spawnSync } from "node:child_process";
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { scripts } from "./scripts.ts";

let dir: string;
let program: string;

beforeAll(() => {
  dir = mkdtempSync(join(tmpdir(), "swarm-completion-"));
  // A name with a quote and a blank: it must reach the shell whole.
  program = join(dir, "it's a swarmctl");
  writeFileSync(
    program,
    `#!/bin/sh
[ "$1 $2" = "__complete --" ] || exit 9
shift 2
[ "$1" = up ] && exit 3
printf 'team\\tof %s\\nteam-two\\t\\n' "$*"
`,
  );
  chmodSync(program, 0o755);
  writeFileSync(join(dir, "blueprint.yaml"), "");
});

afterAll(() => rmSync(dir, { recursive: true }));

function bash(words: readonly string[]): readonly string[] {
  const line = `COMP_WORDS=(${words.map((word) => `"${word}"`).join(" ")}); COMP_CWORD=${words.length - 1}; _swarmctl; printf '%s\\n' "\${COMPREPLY[@]}"`;
  const script = `${scripts.bash([program])}\ncd '${dir}'\n${line}`;
  return execFileSync("bash", ["--norc", "-c", script], { encoding: "utf8" }).trim().split("\n");
}

test("bash offers what swarmctl answers, and files where it says so; for npx swarmctl too", () => {
  expect(bash(["swarmctl", "agents", "t"])).toEqual(["team", "team-two"]);
  expect(bash(["npx", "swarmctl", "agents", "t"])).toEqual(["team", "team-two"]);
  expect(bash(["swarmctl", "up", "blue"])).toEqual(["blueprint.yaml"]);
  expect(bash(["npx", "blue"])).toEqual(["blueprint.yaml"]);
});

test.each(["zsh", "fish"] as const)("%s reads its script without an error", (shell) => {
  const { status, error, stderr } = spawnSync(shell, ["-n", "/dev/stdin"], {
    input: scripts[shell]([program]),
    encoding: "utf8",
  });
  // Not on every machine.
  if (error !== undefined) return;
  expect(stderr).toBe("");
  expect(status).toBe(0);
});
