import { expect, test } from "vitest";
import { agentPids, isAlive } from "../support/cluster.ts";
import { type Sandbox, until } from "../support/sandbox.ts";
import type { OperationRow } from "../support/targets/cluster.ts";
import { localTarget } from "../support/targets/local.ts";
import { env, gcAt, listed, writeBlueprint } from "./support/environment.ts";

const name = "pr-7";

/** Runs a command until it prints a given text, then sends it a signal. */
async function signalled(sandbox: Sandbox, args: readonly string[], tells: string, signal: NodeJS.Signals) {
  const { child, finished } = sandbox.start(args);
  let told = "";
  child.stderr?.on("data", (bytes: Buffer) => {
    told += bytes.toString();
  });
  await until(`it tells: ${tells}`, () => told.includes(tells), 60_000);
  child.kill(signal);
  return finished;
}

const operations = async (sandbox: Sandbox) =>
  (await sandbox.json<{ operations: OperationRow[] }>(["ops", "list"])).operations;

test("SIGTERM without a terminal stops after the running step, kill -9 at once; the expiry is recorded, and the next run repairs", async ({
  onTestFinished,
}) => {
  const { sandbox } = localTarget.home(onTestFinished);
  const blueprint = writeBlueprint(sandbox);
  const up = ["env", "up", blueprint, "--name", name, "--ttl", "1h"];
  const stopped = await signalled(sandbox, up, "created ", "SIGTERM");
  expect(stopped, stopped.stderr).toMatchObject({ status: 130 });
  expect(await operations(sandbox)).toMatchObject([{ kind: "spawn", status: "failed" }]);
  const [left] = await listed(sandbox);
  expect(left).toMatchObject({ name, status: "FAILED", isOver: false });
  // No further run is needed: gc removes it.
  const over = await gcAt(sandbox, left?.until ?? 0, true);
  expect(over[name]).toMatchObject({ action: "destroy", outcome: "left" });

  const repaired = await env(sandbox, up.slice(1));
  expect(repaired).toMatchObject({ name, status: "ACTIVE" });
  expect(repaired.until).toBeGreaterThan(left?.until ?? 0);
  const pids = await agentPids(sandbox, name);
  expect(pids).toHaveLength(2);

  // An interrupted removal is completed by a reconciler or by the next env up, which creates a new environment.
  await signalled(sandbox, ["env", "down", "--name", name], "drain", "SIGKILL");
  const [killed] = await operations(sandbox);
  expect(killed).toMatchObject({ kind: "destroy", status: "running" });
  const kept = await gcAt(sandbox, repaired.until - 1, true);
  expect(kept[name]).toMatchObject({ action: "resume", outcome: "left" });
  expect(await env(sandbox, up.slice(1))).toMatchObject({ kind: "spawn", status: "ACTIVE" });
  expect((await operations(sandbox)).find(({ id }) => id === killed?.id)).toMatchObject({ status: "succeeded" });
  expect((await agentPids(sandbox, name)).filter((pid) => pids.includes(pid))).toEqual([]);
  expect(pids.filter(isAlive)).toEqual([]);
});
