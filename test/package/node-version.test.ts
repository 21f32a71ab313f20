import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterEach, beforeEach, expect, test } from "vitest";
import { catalogue } from "../../src/errors.ts";
import { packageRoot } from "../../src/stacks/project.ts";

const run = promisify(execFile);

/** A folder with a copy of swarmctl's bin, outside the checkout. */
let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "swarm-node-"));
  await cp(join(packageRoot, "bin"), join(folder, "bin"), { recursive: true });
  await cp(join(packageRoot, "package.json"), join(folder, "package.json"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

/** Starts swarmctl on a Node that reports another version. */
async function startOn(version: string): Promise<{ status: number; stdout: string; stderr: string }> {
  const claim = `Object.defineProperty(process, "versions", { value: { ...process.versions, node: "${version}" } })`;
  const args = ["--import", `data:text/javascript,${encodeURIComponent(claim)}`, join(folder, "bin/swarmctl.js"), "x"];
  return run(process.execPath, args).then(
    ({ stdout, stderr }) => ({ status: 0, stdout, stderr }),
    ({ code, stdout, stderr }) => ({ status: code, stdout, stderr }),
  );
}

/** The npm package `node`, whose program prints its arguments. */
async function installNode(version: string): Promise<void> {
  const packaged = join(folder, "node_modules/node");
  await mkdir(join(packaged, "bin"), { recursive: true });
  await writeFile(join(packaged, "package.json"), JSON.stringify({ name: "node", version }));
  await symlink("/bin/echo", join(packaged, "bin/node"));
}

test.each([
  "20.20.2",
  "22.18.9",
])("Node %s is refused with the version that is needed and how to get it", async (old) => {
  const { status, stderr } = await startOn(old);
  expect(status).toBe(catalogue.SW507.exit);
  expect(stderr).toContain(`error SW507  swarmctl needs Node.js 22.19 or newer; ${process.execPath} is ${old}`);
  expect(stderr).toContain("npm install node@24");
});

test("an old Node starts swarmctl on the installed npm package node", async () => {
  await installNode("24.1.0");
  const { status, stdout } = await startOn("20.20.2");
  expect({ status, stdout }).toEqual({ status: 0, stdout: `${join(folder, "bin/swarmctl.js")} x\n` });
});

test("a package node that is too old is rejected", async () => {
  await installNode("18.20.0");
  expect(await startOn("20.20.2")).toMatchObject({ status: 1, stderr: expect.stringContaining("SW507") });
});

test.each(["22.19.0", "24.0.0"])("Node %s is accepted", async (good) => {
  expect((await startOn(good)).stderr).not.toContain("SW507");
});
