import { execFileSync } from "node:child_process";
import { readdirSync } from "node:fs";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { packageRoot } from "../../src/stacks/project.ts";
import { runningInstances } from "../support/cluster.ts";
import { Sandbox } from "../support/sandbox.ts";

const sandbox = new Sandbox();
const stack = `door-${process.pid}`;
const kept = join(packageRoot, ".swarmstack", "stacks", `Pulumi.${stack}.yaml`);
const pulumi = (...args: string[]) => sandbox.run(["pulumi", ...args, "--stack", stack, "--non-interactive"]);
const changedFiles = () => execFileSync("git", ["status", "--porcelain"], { cwd: packageRoot, encoding: "utf8" });
const before = changedFiles();

afterAll(async () => {
  await sandbox.dispose();
  await rm(kept, { force: true });
});

test("a bare preview, up and destroy in the project's folder, through `swarmctl pulumi`", async () => {
  expect(await sandbox.run(["pulumi", "stack", "init", stack])).toMatchObject({ status: 0 });
  expect(await pulumi("preview")).toMatchObject({ status: 0, stdout: expect.stringContaining("to create") });
  expect(await pulumi("up", "--yes")).toMatchObject({ status: 0 });
  expect(await runningInstances(sandbox, stack)).toHaveLength(4 - 1);
  const again = await sandbox.run([...["pulumi", "preview", "--stack", stack], "--expect-no-changes"], hostile());
  expect(again, again.stdout).toMatchObject({ status: 0 });
});

/** What breaks a plugin or its protocol where it is handed on (src/platform/environment). */
function hostile(): NodeJS.ProcessEnv {
  const proxy = "http://127.0.0.1:9";
  return {
    ...{ http_proxy: proxy, https_proxy: proxy, grpc_proxy: proxy, NO_PROXY: "a.example, b.example" },
    NODE_OPTIONS: `--require ${sandbox.write("noisy.cjs", 'console.log("a preload prints");')}`,
    ...{ GRPC_TRACE: "all", GRPC_VERBOSITY: "DEBUG", PULUMI_OPTION_JSON: "true", PULUMI_OPTION_VERBOSE: "9" },
  };
}

test("the same stack through the runner's entry point, in a hostile environment: no change", async () => {
  const { stdout, status, stderr } = await sandbox.run(["up", "marketing", "--name", stack, "--json"], hostile());
  expect(status, stderr).toBe(0);
  expect(JSON.parse(stdout.trim().split("\n").at(-1) ?? "")).toMatchObject({ changes: { same: expect.any(Number) } });
});

test("`swarmctl shellenv` configures a shell in which a bare `pulumi` does the same", async () => {
  const { stdout, status } = await sandbox.run(["shellenv"]);
  expect(status).toBe(0);
  const script = `${stdout}\npulumi preview --stack ${stack} --expect-no-changes --non-interactive\npulumi destroy --stack ${stack} --yes --non-interactive\n`;
  execFileSync("bash", ["-euc", script], { cwd: packageRoot, env: sandbox.env, stdio: "pipe" });
  expect(await pulumi("stack", "rm", "--yes")).toMatchObject({ status: 0 });
  expect(readdirSync(join(sandbox.home, ".swarmstack", "clusters"))).toEqual([]);
});

test("no entry point writes to a committed file", () => {
  expect(changedFiles()).toBe(before);
});
