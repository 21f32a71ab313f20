import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { agentPids, isAlive, up } from "../support/cluster.ts";
import { localTarget } from "../support/targets/local.ts";
import { env, gcAt, listed, writeBlueprint } from "./support/environment.ts";

test("env up is idempotent, renews the expiry and reactivates; an expired environment is removed, other clusters are not", async ({
  onTestFinished,
}) => {
  const { sandbox } = localTarget.home(onTestFinished);
  const blueprint = writeBlueprint(sandbox);
  const [first] = await Promise.all([
    env(sandbox, ["up", blueprint, "--name", "pr-123", "--ttl", "4h"]),
    up(sandbox, [blueprint]),
  ]);
  expect(first).toMatchObject({ type: "result", name: "pr-123", kind: "spawn", status: "ACTIVE" });
  const pids = await agentPids(sandbox, "pr-123");
  expect(pids).toHaveLength(2);

  const second = await env(sandbox, ["up", blueprint, "--name", "pr-123", "--ttl", "4h"]);
  expect(second).toMatchObject({ kind: "update", status: "ACTIVE", changes: { same: first.changes.create } });
  expect(Object.keys(second.changes)).toEqual(["same"]);
  expect(second.until).toBeGreaterThan(first.until);
  expect(await agentPids(sandbox, "pr-123")).toEqual(pids);

  // An edited blueprint, as in a pull request.
  sandbox.write("team.yaml", sandbox.read("team.yaml").replace("count: 1\n", "count: 2\n"));
  const plan = await sandbox.run(["env", "plan", blueprint, "--name", "pr-123", "--markdown"]);
  expect(plan, plan.stderr).toMatchObject({ status: 2 });
  expect(plan.stdout).toContain("### Plan of `pr-123`: ");
  expect(plan.stdout).toMatch(/^\| changed \| `pr-123-worker` \| AgentPool \| .*`count` `1` → `2`/m);

  // A hibernated environment is reactivated with its recorded blueprint and an earlier expiry.
  const slept = await sandbox.run(["hibernate", "pr-123"]);
  expect(slept, slept.stderr).toMatchObject({ status: 0 });
  const third = await env(sandbox, ["up", "--name", "pr-123", "--ttl", "1h"]);
  expect(third).toMatchObject({ kind: "update", status: "ACTIVE", changes: { same: first.changes.create } });
  expect(third.until).toBeLessThan(first.until);
  const awake = await agentPids(sandbox, "pr-123");
  expect(awake).toHaveLength(2);
  const row = { name: "pr-123", status: "ACTIVE", target: "local", instances: 2, until: third.until, isOver: false };
  expect(await listed(sandbox)).toMatchObject([row]);

  // A cluster is not an environment.
  for (const args of [
    ["up", blueprint, "--name", "team"],
    ["down", "team"],
  ]) {
    const refused = await sandbox.run(["env", ...args]);
    expect(refused, refused.stderr).toMatchObject({ status: 1, stderr: expect.stringContaining("error SW627") });
  }
  const none = await sandbox.run(["env", "up", "--name", "pr-9"]);
  expect(none).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("environment pr-9 has no recorded blueprint"),
  });

  // The expiry has passed.
  const before = await gcAt(sandbox, third.until - 1);
  expect(before["pr-123"]).toMatchObject({ action: "none", outcome: "nothing", nextAt: third.until });
  expect(await agentPids(sandbox, "pr-123")).toEqual(awake);
  const after = await gcAt(sandbox, third.until);
  expect(after["pr-123"]).toMatchObject({
    ...{ action: "destroy", outcome: "done", status: "DESTROYED", reason: "its lifetime as an environment is over" },
  });
  expect(after.team).toMatchObject({ action: "none", status: "ACTIVE" });
  expect([...pids, ...awake].filter(isAlive)).toEqual([]);
  expect(await listed(sandbox)).toEqual([]);
  const { clusters } = await sandbox.json<{ clusters: { cluster: string }[] }>(["status"]);
  expect(clusters).toMatchObject([{ cluster: "team", state: "running" }]);
  const archives = await readdir(join(sandbox.home, ".swarmstack", "archive"));
  expect(archives).toEqual([expect.stringMatching(/^pr-123-/)]);

  const down = await sandbox.run(["env", "down", "--name", "pr-123"]);
  expect(down).toMatchObject({ status: 0, stderr: expect.stringContaining("no environment pr-123 exists") });
});
