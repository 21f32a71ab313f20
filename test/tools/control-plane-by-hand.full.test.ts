import { execFile, spawn } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { poll } from "../../src/platform/wait.ts";
import { kwokRecipe, serverRecipe } from "../../tools/control-plane/programs.ts";
import { findGoProgram } from "../../tools/go-programs/find.ts";
import { processesOf } from "./started-by.ts";

const run = promisify(execFile);
const packageRoot = join(import.meta.dirname, "../..");

const folder = mkdtempSync(join(tmpdir(), "by-hand-"));
/** The programs of this machine's cache, and a record of this test alone. */
const env = { ...process.env, SWARM_CACHE: join(folder, "cache"), TMPDIR: join(folder, "tmp") };
let missing: string | undefined;

beforeAll(async () => {
  mkdirSync(env.TMPDIR);
  for (const recipe of [serverRecipe, kwokRecipe]) {
    const program = await findGoProgram(recipe);
    if (typeof program !== "string") {
      missing = program.unavailable;
      return;
    }
    const entry = dirname(program);
    mkdirSync(join(env.SWARM_CACHE, recipe.kind), { recursive: true });
    symlinkSync(entry, join(env.SWARM_CACHE, recipe.kind, basename(entry)));
  }
});

beforeEach(({ skip }) => {
  if (missing !== undefined) skip(missing);
});

afterAll(async () => {
  await shell("npm run --silent control-plane -- stop");
  rmSync(folder, { recursive: true, force: true });
});

/** Returns when all who have a descriptor of its standard output and error have closed it. */
async function shell(command: string): Promise<{ readonly status: number; readonly output: string }> {
  const running = run("bash", ["-c", `set -o pipefail; (${command}) 2>&1 | cat`], { cwd: packageRoot, env });
  return running.then(
    ({ stdout }) => ({ status: 0, output: stdout }),
    ({ code, stdout }) => ({ status: code, output: stdout }),
  );
}

const start = "npm run --silent control-plane -- start";
const status = "npm run --silent control-plane -- status";

/** The folders of control planes. */
function planes(): readonly string[] {
  return readdirSync(env.TMPDIR).filter((name) => name.startsWith("swarm-kubernetes-"));
}

describe("a control plane that is started by hand", () => {
  test("serves after the start has returned to a shell that reads its output and its errors through pipes", async () => {
    const started = await shell(`${start} | tail -1`);
    expect(started).toEqual({ status: 0, output: expect.stringMatching(/^export KUBECONFIG=\S+\n$/) });
    const nodes = await shell("npm run --silent control-plane -- kubectl get namespace default --output name");
    expect(nodes).toEqual({ status: 0, output: "namespace/default\n" });
  });

  test("is the one that a second start finds", async () => {
    const before = await shell(status);
    expect(await shell(start)).toEqual(before);
    expect(planes()).toHaveLength(1);
  });

  test("leaves nothing after its stop", async () => {
    expect(await shell("npm run --silent control-plane -- stop")).toEqual({ status: 0, output: "" });
    expect(await shell(status)).toEqual({ status: 1, output: "no control plane\n" });
    expect(planes()).toEqual([]);
    expect(processesOf(env.TMPDIR)).toEqual([]);
  });
});

test("a start that fails says why, with its exit status", async () => {
  const pools = join(folder, "pools.yaml");
  writeFileSync(pools, "pools: [{ name: 7 }]\n");
  const { status, output } = await shell(`${start} --pools ${pools}`);
  expect(status).toBe(1);
  expect(output).toMatch(/pools/);
  expect(planes()).toEqual([]);
});

test("an interrupted start leaves no control plane", async () => {
  const starter = spawn(process.execPath, ["tools/control-plane/main.ts", "start"], {
    cwd: packageRoot,
    env,
    stdio: "ignore",
  });
  const exit = new Promise((resolve) => starter.once("exit", resolve));
  const begun = await poll(() => processesOf(env.TMPDIR).length > 0 || undefined, {
    deadlineMs: 120_000,
    intervalMs: 10,
  });
  expect(begun).toBe(true);
  starter.kill("SIGINT");
  expect(await exit).not.toBe(0);
  const gone = await poll(() => planes().length === 0 || undefined, { deadlineMs: 60_000 });
  expect(gone).toBe(true);
  expect(processesOf(env.TMPDIR)).toEqual([]);
});
