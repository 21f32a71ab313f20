import { execFile } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { delimiter, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { images } from "../../src/plan/images.ts";
import { packageRoot } from "../../src/stacks/project.ts";
import { packageVersion } from "../../src/version.ts";
import type { Docker } from "../../tools/docker/docker.ts";
import { Sandbox } from "../support/sandbox.ts";
import { useDocker } from "../support/servers/docker.ts";

const execute = promisify(execFile);
const megabyte = 1024 ** 2;
const largestInstallation = 250;

const sandbox = new Sandbox();
const project = join(sandbox.home, "project");
/** Starts with the folder of the Node that runs the tests. */
const PATH = [dirname(process.execPath), process.env.PATH].join(delimiter);
let packed: readonly string[];

beforeAll(async () => {
  await mkdir(project);
  const options = ["--ignore-scripts", "--json", "--pack-destination", sandbox.home];
  const { stdout } = await execute("npm", ["pack", ...options], { cwd: packageRoot, maxBuffer: 16 * megabyte });
  const [{ filename, files }] = JSON.parse(stdout);
  packed = files.map(({ path }: { path: string }) => path);
  await writeFile(join(project, "package.json"), JSON.stringify({ name: "project", private: true }));
  // The user's npm cache, which avoids downloads.
  const install = ["install", "--no-audit", "--no-fund", join(sandbox.home, filename)];
  await execute("npm", install, { cwd: project, env: { ...process.env, PATH } });
});

afterAll(() => sandbox.dispose());

interface Finished {
  readonly status: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs `npx swarmctl` in the project, without variables of the checkout. */
async function swarmctl(args: readonly string[], variables: NodeJS.ProcessEnv = {}): Promise<Finished> {
  const env = { ...sandbox.env, PATH, npm_config_update_notifier: "false", ...variables };
  return execute("npx", ["--no-install", "swarmctl", ...args], { cwd: project, env, maxBuffer: 16 * megabyte }).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
  );
}

test.each([
  "LICENSE",
  "Pulumi.yaml",
  "README.md",
  "bin/node-version.js",
  "bin/shim/pulumi",
  "bin/swarmctl.js",
  "blueprints/blueprint.schema.json",
  "blueprints/marketing.yaml",
  "dist/cli/main.js",
  "dist/cli/runner.js",
  "dist/index.d.ts",
  "dist/index.js",
  "dist/program.js",
  "dist/providers/docker/main.js",
  "dist/providers/kubernetes/main.js",
  "dist/providers/swarmstack/main.js",
  "dist/agents/reference.js",
  "dist/supervisor/main.js",
  "dist/stacks/worker.js",
  "docs/agents/api.md",
  "docs/diagnostics.md",
  "docs/errors.md",
  "docs/install.md",
  "package.json",
  "plugins/docker/pulumi-resource-docker",
  "plugins/kubernetes/pulumi-resource-kubernetes",
  "plugins/swarmstack/pulumi-resource-swarmstack",
  "tools/engine/go.mod",
  "tools/engine/go.sum",
  "tools/language-host/go.mod",
  "tools/language-host/go.sum",
])("%s is in the tarball", (path) => {
  expect(packed).toContain(path);
});

test.each([
  ["sources", /^(?!examples\/).*(?<!\.d)\.ts$/],
  ["source maps", /\.map$/],
  ["tests and their fixtures", /(\.|\/)(test|fixture)\.|\/fixtures\//],
  ["records of the compiler", /tsbuildinfo$/],
  ["settings of the checkout", /^(\.|[^/]*\.config\.|tsconfig|biome|knip|package-lock)/],
  ["tools of tests", /^tools\/(?!engine\/|language-host\/)/],
  ["folders of the checkout", /^(src|test|bench|node_modules|\.swarmstack)\//],
])("%s are not in the tarball", (_what, pattern) => {
  expect(packed.filter((path) => pattern.test(path))).toEqual([]);
});

test(`the installation has at most ${largestInstallation} MB and no packages of unused targets`, async () => {
  const modules = join(project, "node_modules");
  const { stdout } = await execute("du", ["-sm", modules]);
  const size = Number.parseInt(stdout, 10);
  process.stderr.write(`installed size: ${size} MB\n`);
  expect(size).toBeLessThanOrEqual(largestInstallation);
  const { stdout: names } = await execute("ls", [modules, join(modules, "@pulumi")]);
  expect(names.split("\n")).not.toEqual(
    expect.arrayContaining([expect.stringMatching(/^(node|typescript|@kubernetes|aws|kubernetes)$/)]),
  );
});

test("npx swarmctl prints its version", async () => {
  expect(await swarmctl(["--version"])).toEqual({ status: 0, stdout: `${packageVersion()}\n`, stderr: "" });
});

test("a blueprint of the project starts on this machine, lists its agents, and is removed", async () => {
  expect((await swarmctl(["blueprint", "init", "team.yaml"])).status).toBe(0);
  const up = await swarmctl(["up", "team.yaml", "--name", "team", "--target", "local"]);
  expect(up, up.stderr).toMatchObject({ status: 0 });
  const { agents } = JSON.parse((await swarmctl(["agents", "team", "--json"])).stdout);
  expect(agents.length).toBeGreaterThan(0);
  for (const agent of agents) expect(agent).toMatchObject({ state: expect.stringMatching(/^(running|idle|busy)$/) });
  expect((await swarmctl(["down", "team", "--yes"])).status).toBe(0);
});

test("a Pulumi program of the project runs the component", async () => {
  await writeFile(
    join(project, "Pulumi.yaml"),
    "name: project\nruntime: nodejs\nmain: index.js\ndescription: A program of its own\n",
  );
  await writeFile(
    join(project, "index.js"),
    'const { AgentCluster } = require("swarmstack");\n' +
      'const team = new AgentCluster("team", { blueprint: "./team.yaml", target: "local" });\n' +
      "exports.counts = team.counts;\n",
  );
  const pulumi = (...args: string[]) => swarmctl(["pulumi", ...args, "--stack", "dev", "--non-interactive"]);
  expect((await swarmctl(["init", "--pulumi"])).status).toBe(0);
  expect((await swarmctl(["pulumi", "stack", "init", "dev"])).status).toBe(0);
  const up = await pulumi("up", "--yes", "--skip-preview");
  expect(up, up.stdout + up.stderr).toMatchObject({ status: 0, stdout: expect.stringContaining("counts") });
  const { running } = JSON.parse((await swarmctl(["status", "--stack", "project/dev/team-dev", "--json"])).stdout);
  expect(running).toBeGreaterThan(0);
  expect(await pulumi("preview", "--expect-no-changes")).toMatchObject({ status: 0 });
  expect(await pulumi("destroy", "--yes", "--skip-preview")).toMatchObject({ status: 0 });
});

test("a target with missing packages is rejected with the command that installs them", async () => {
  const { status, stdout } = await swarmctl(["plan", "standard", "--target", "aws", "--json"]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout).error).toMatchObject({
    code: "SW506",
    hints: ["npm install @pulumi/aws@7 @pulumi/kubernetes@4 @kubernetes/client-node@2"],
  });
});

test("the public types compile in a strict program without the optional packages", async () => {
  await writeFile(
    join(project, "program.ts"),
    'import { AgentCluster, parseBlueprint } from "swarmstack";\nexport const used = [AgentCluster, parseBlueprint];\n',
  );
  const compiler = join(packageRoot, "node_modules/typescript/bin/tsc");
  const options = ["--noEmit", "--strict", "--skipLibCheck", "false", "--target", "es2022", "--module", "nodenext"];
  const args = [compiler, ...options, "--ignoreConfig", "program.ts"];
  const { stdout } = await execute(process.execPath, args, { cwd: project }).catch((error) => error);
  expect(stdout).toBe("");
});

test("images build reports an unreachable daemon before it builds", async () => {
  const { status, stdout } = await swarmctl(["images", "build", "--context", "unix:///nowhere.sock", "--json"]);
  expect(status).toBe(1);
  expect(JSON.parse(stdout).error).toMatchObject({ code: "SW614", values: { url: "unix:///nowhere.sock" } });
});

describe("images build, with a docker daemon", () => {
  const docker = useDocker();

  test("the installed package builds both images, a second build leaves them unchanged, and swarmctl runs in one", async () => {
    const build = async () => {
      const { status, stdout, stderr } = await swarmctl(["images", "build", "--context", docker().url, "--json"]);
      expect({ status, stderr }, stdout).toEqual({ status: 0, stderr: "" });
      return stdout
        .trim()
        .split("\n")
        .map((line) => JSON.parse(line));
    };
    const first = await build();
    expect(first.slice(0, 2)).toEqual([
      { type: "image", name: images.agent, phase: "packing" },
      { type: "image", name: images.agent, phase: "loading" },
    ]);
    const made = first.at(-1).images;
    expect(made).toMatchObject([
      { name: images.agent, isNew: true },
      { name: images.egress, isNew: true },
    ]);
    expect((await build()).at(-1).images).toEqual(made.map((image: object) => ({ ...image, isNew: false })));
    expect(await output(docker(), ["swarmctl", "--version"])).toBe(`${packageVersion()}\n`);
    // The agent server with all its modules.
    expect(await output(docker(), ["swarmctl", "agent-server", "--help"])).toContain("Usage: swarmctl agent-server");
  });
});

/** Output of a command in a container of the agent image. */
async function output({ client }: Docker, [program = "", ...Cmd]: readonly string[]): Promise<string> {
  const container = await client.createContainer({ Image: images.agent, Entrypoint: [program], Cmd, Tty: true });
  try {
    await container.start();
    await container.wait();
    return (await container.logs({ stdout: true, stderr: true })).toString().replaceAll("\r\n", "\n");
  } finally {
    await container.remove({ force: true });
  }
}
