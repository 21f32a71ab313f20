import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { packageRoot } from "../../src/stacks/project.ts";

/** The folder of the toy target. */
const toy = {
  "src/targets/toy/descriptor.ts": `import type { TargetDescriptor } from "../descriptor.ts";

export const toy: TargetDescriptor = {
  settings: ["region"],
  kubernetes: false,
  images: { builds: false, launches: false },
  egress: undefined,
  sharedVolume: false,
  gpus: undefined,
  location: { kind: "host" },
  drifts: true,
  migrates: false,
  autoscaler: false,
  fastCounts: false,
  packages: [],
  plugins: [],
};
`,
  "src/components/toy/toy.ts": `import type { CreateTarget } from "../create-target.ts";

export const createToy: CreateTarget = () => ({});
`,
};

const name = { file: "src/targets/kinds.ts", old: '"aws"] as const', new: '"aws", "toy"] as const' };

/** What the compiler demands once the name is listed: a row in each table. */
const rows = [
  {
    file: "src/targets/targets.ts",
    old: 'import { local } from "./local/descriptor.ts";',
    new: 'import { local } from "./local/descriptor.ts";\nimport { toy } from "./toy/descriptor.ts";',
  },
  { file: "src/targets/targets.ts", old: "kubernetes, aws };", new: "kubernetes, aws, toy };" },
  {
    file: "src/plan/plan.ts",
    old: '{ readonly kind: "local" }',
    new: '{ readonly kind: "local" } | { readonly kind: "toy" }',
  },
  { file: "src/plan/platform.ts", old: "  aws: planAws,", new: '  aws: planAws,\n  toy: () => ({ kind: "toy" }),' },
  {
    file: "src/components/load-target.ts",
    old: "  aws: async () => ",
    new: '  toy: async () => (await import("./toy/toy.ts")).createToy,\n  aws: async () => ',
  },
  { file: "src/program/prepare-cluster.ts", old: "  aws: () => ({}),", new: "  aws: () => ({}),\n  toy: () => ({})," },
  {
    file: "src/drivers/open-driver.ts",
    old: "  local: openProcesses,",
    new: "  local: openProcesses,\n  toy: openProcesses,",
  },
];

/** Compiles blueprints for the toy, and prints what came of them. */
const script = `import { parseBlueprint } from "./src/blueprint/parse.ts";
import { compile } from "./src/plan/compile.ts";

const text = (cluster) => \`metadata: { id: a, name: A, version: 1.0.0 }
cluster: { type: standard, target: toy\${cluster} }
agents: [{ role: supervisor, name: Boss, count: 1, capabilities: [a] }]\`;
const parse = (cluster) => parseBlueprint(text(cluster), { file: "a.yaml" });
const refused = parse(", shared: { volume: 1Gi }, network: { provider: cilium }");
const { blueprint, diagnostics } = parse("");
const { platform, place } = compile(blueprint, { cluster: "team" });
console.log(JSON.stringify({ refused: refused.diagnostics.map(({ code }) => code), diagnostics, platform, place }));
`;

let copy: string;

beforeAll(async () => {
  copy = await mkdtemp(join(tmpdir(), "swarmstack-toy-"));
  await cp(join(packageRoot, "src"), join(copy, "src"), { recursive: true });
  await symlink(join(packageRoot, "node_modules"), join(copy, "node_modules"));
  for (const file of ["package.json", "tsconfig.json"]) await cp(join(packageRoot, file), join(copy, file));
  const config = { extends: "./tsconfig.json", include: ["src"], exclude: ["src/**/*.test.ts", "src/**/*.fixture.ts"] };
  await writeFile(join(copy, "tsconfig.toy.json"), JSON.stringify(config));
  for (const [file, text] of Object.entries(toy)) {
    await mkdir(dirname(join(copy, file)), { recursive: true });
    await writeFile(join(copy, file), text);
  }
});

afterAll(() => rm(copy, { recursive: true, force: true }));

async function edit(edits: readonly { readonly file: string; readonly old: string; readonly new: string }[]) {
  for (const { file, old, new: replacement } of edits) {
    const text = await readFile(join(copy, file), "utf8");
    expect(text.split(old), `${file} has the row once: ${old}`).toHaveLength(2);
    await writeFile(join(copy, file), text.replace(old, replacement));
  }
}

function run(args: readonly string[]): Promise<string> {
  return new Promise((resolve) => {
    execFile(process.execPath, [...args], { cwd: copy }, (_error, stdout, stderr) => resolve(stdout + stderr));
  });
}

/** The files in which the compiler finds errors. */
async function wrongFiles(): Promise<readonly string[]> {
  const found = await run([
    join(packageRoot, "node_modules/typescript/bin/tsc"),
    "-p",
    "tsconfig.toy.json",
    "--pretty",
    "false",
  ]);
  return [...new Set([...found.matchAll(/^(\S+?)\(\d+,\d+\): error/gm)].map(([, file = ""]) => file))].toSorted();
}

test("a new target is its folder and the rows that the compiler demands", async () => {
  await edit([name]);
  const tables = new Set(rows.map(({ file }) => file));
  // The plan's type is demanded by the table of platforms.
  tables.delete("src/plan/plan.ts");
  expect(await wrongFiles()).toEqual([...tables].toSorted());

  await edit(rows);
  expect(await wrongFiles()).toEqual([]);

  await writeFile(join(copy, "toy.ts"), script);
  const printed: unknown = JSON.parse(await run(["toy.ts"]));
  expect(printed).toEqual({
    refused: ["SW420", "SW412"],
    diagnostics: [],
    platform: { kind: "toy" },
    place: { target: "toy", by: "blueprint" },
  });
});

test("CONTRIBUTING lists the file of each row", async () => {
  const text = await readFile(join(packageRoot, "CONTRIBUTING.md"), "utf8");
  const section = text.slice(text.indexOf("## Adding a target"), text.indexOf("## Style"));
  for (const { file } of [name, ...rows]) expect(section).toContain(file);
});
