import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { parseSource } from "../blueprint/load.ts";
import { compile } from "../plan/compile.ts";
import { requireInputs } from "./require-inputs.ts";

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-inputs-"));
});
afterAll(() => rmSync(folder, { recursive: true }));

const text = `metadata: { id: team, name: Team, version: 1.0.0 }
cluster:
  type: standard
  min_workers: 1
  max_workers: 9
  target: local
  shared:
    knowledge:
      - { name: brand, path: ./brand }
secrets:
  KEY: { env: MY_KEY }
  TOKEN: { file: token.txt }
  OTHER: { env: OTHER_KEY }
  UNUSED: { env: UNUSED_KEY }
agents:
  - { role: worker, name: Writer, capabilities: [w], secrets: [KEY, TOKEN, OTHER] }
`;

function check(env: Record<string, string>): void {
  const source = { file: join(folder, "team.yaml"), text };
  requireInputs(compile(parseSource(source), { cluster: "team" }), { folder, source }, env);
}

test("all that is missing is told at once, each with its place", () => {
  expect(() => check({ OTHER_KEY: "x", MY_KEY: "" })).toThrow(
    expect.objectContaining({
      code: "SW641",
      message: [
        `${join(folder, "team.yaml")}:11:3: secret KEY has no value: the environment variable MY_KEY is not set or empty`,
        `${join(folder, "team.yaml")}:12:3: secret TOKEN has no value: the file token.txt is missing, not readable or empty`,
        `${join(folder, "team.yaml")}:9:24: knowledge brand cannot be read: there is no file or folder ./brand`,
      ].join("\n"),
    }),
  );
});

test("nothing is missing when all values are there; unused secrets need none", () => {
  mkdirSync(join(folder, "brand"));
  writeFileSync(join(folder, "token.txt"), "t\n");
  expect(() => check({ MY_KEY: "a", OTHER_KEY: "b" })).not.toThrow();
});
