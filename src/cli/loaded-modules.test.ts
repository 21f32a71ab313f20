import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, test } from "vitest";

const run = promisify(execFile);
const here = (file: string) => fileURLToPath(new URL(file, import.meta.url));

let home: string;

const record = {
  ...{ version: 1, uid: "u-1", generation: 3, power: "active", counts: { writer: 2 } },
  blueprint: { id: "team", version: "1.0.0", digest: "0".repeat(64) },
};
const desired = {
  urn: "urn:pulumi:team::swarmstack::swarmstack:index:Desired::team-desired",
  ...{ type: "swarmstack:index:Desired", custom: true, outputs: { document: record } },
};

beforeAll(async () => {
  home = await mkdtemp(join(tmpdir(), "swarm-modules-"));
  const stacks = join(home, ".swarmstack", "backend", ".pulumi", "stacks", "swarmstack");
  await mkdir(stacks, { recursive: true });
  await writeFile(join(stacks, "..", "..", "meta.yaml"), "version: 1\n");
  const checkpoint = { stack: "organization/swarmstack/team", latest: { resources: [desired] } };
  await writeFile(join(stacks, "team.json"), JSON.stringify({ version: 3, checkpoint }));
});

afterAll(() => rm(home, { recursive: true, force: true }));

/** The npm packages that a run of swarmctl loads. */
async function packagesOf(
  args: readonly string[],
): Promise<{ readonly packages: readonly string[]; readonly stdout: string; readonly stderr: string }> {
  const list = join(home, "modules");
  const { stdout, stderr } = await run(
    process.execPath,
    ["--import", here("loaded-modules.fixture.ts"), here("main.ts"), ...args],
    {
      env: { PATH: process.env.PATH, HOME: home, LOADED_MODULES: list, SWARM_ENGINE: "/nowhere" },
    },
  ).catch((error: { stdout: string; stderr: string }) => error);
  const names = (await readFile(list, "utf8")).split("\n").flatMap((url) => {
    const path = url.split("/node_modules/").at(-1) ?? "";
    return path === url ? [] : [path.split("/", path.startsWith("@") ? 2 : 1).join("/")];
  });
  return { packages: [...new Set(names)].sort(), stdout, stderr };
}

test.each(["--help", "--version", "version", "help"])("%s loads the parser of arguments alone", async (word) => {
  expect((await packagesOf([word])).packages).toEqual(["commander"]);
});

const heavy = /^(@|yaml|pg|redis|fastify|dockerode|google-protobuf|croner|tar|log-update)/;

test.each([
  { args: ["status"], tells: /team +team 1\.0\.0 +3 +- +0\/2 +gone +down/ },
  { args: ["status", "--json"], tells: /"generation": 3/ },
  { args: ["agents"], tells: /no agents/ },
  { args: ["use", "team"], tells: /team/ },
  { args: ["task", "list"], tells: /SW605.* team has no agents that can be reached/ },
  { args: ["logs", "writer-0"], tells: /SW605.* team has no agents that can be reached/ },
  { args: ["exec", "writer-0", "ls"], tells: /SW605.* team has no agents that can be reached/ },
])("$args reads the state without an engine, a client of a target, or a parser of blueprints", async ({
  args,
  tells,
}) => {
  const { packages, stdout, stderr } = await packagesOf(args);
  expect(stdout + stderr).toMatch(tells);
  expect(packages.filter((name) => heavy.test(name))).toEqual([]);
});
