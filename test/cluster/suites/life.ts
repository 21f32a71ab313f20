import { readdirSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import type { AgentRow } from "../../../src/cli/clusters.ts";
import { team } from "../../support/blueprints.ts";
import { agentPids, pidOf, runningInstances, up } from "../../support/cluster.ts";
import { until } from "../../support/sandbox.ts";
import { type Target, uniqueName, useHome } from "../../support/targets/target.ts";

/** The life cycle of a cluster, from the first `up` to `down`, on any target. */
export function lifeSuite(target: Target): void {
  const home = useHome(target);
  const cluster = uniqueName("team");
  const planLines = target.planLines(cluster);
  const blueprint = (workers: string) =>
    home().sandbox.write("team.yaml", team({ id: cluster, workers, target: target.name }));
  const three = ["boss-0", "worker-0", "worker-1"];
  let parts = 0;

  test("up starts the agents of a blueprint", async () => {
    const { sandbox } = home();
    const { changes } = await up(sandbox, [blueprint("1")]);
    expect(Object.keys(changes)).toEqual(["create"]);
    parts = changes.create ?? 0;
    expect(await runningInstances(sandbox, cluster)).toEqual(["boss-0", "worker-0"]);
    expect(await sandbox.json(["status", cluster])).toMatchObject({ state: "running", running: 2, wanted: 2 });
  });

  test("a second up changes nothing, and plan exits with 0", async () => {
    const { sandbox } = home();
    const pids = await agentPids(sandbox, cluster);
    expect((await up(sandbox, [blueprint("1")])).changes).toEqual({ same: parts });
    expect(await agentPids(sandbox, cluster)).toEqual(pids);
    expect((await sandbox.run(["plan", blueprint("1")])).status).toBe(0);
  });

  test("a count edited from 1 to 5 to 2 starts and stops only the difference", async () => {
    const { sandbox } = home();
    const plan = await sandbox.run(["plan", blueprint("5")]);
    expect(plan).toMatchObject({ status: 2, stdout: expect.stringMatching(planLines.grows) });
    const [boss = 0, first = 0] = await agentPids(sandbox, cluster);

    await up(sandbox, [blueprint("5")]);
    expect(await runningInstances(sandbox, cluster)).toHaveLength(6);
    expect((await agentPids(sandbox, cluster)).slice(0, 2)).toEqual([boss, first]);

    await up(sandbox, [blueprint("2")]);
    expect(await runningInstances(sandbox, cluster)).toEqual(three);
    expect((await agentPids(sandbox, cluster)).slice(0, 2)).toEqual([boss, first]);
  });

  test("a killed instance restarts; drained and removed instances do not", async () => {
    const { sandbox, kill } = home();
    const before = await pidOf(sandbox, cluster, "worker-1");
    await kill(cluster, "worker-1");
    await until("it runs again", async () => {
      const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", cluster]);
      const { pid, state, restarts } = agents.find(({ instance }) => instance === "worker-1") ?? {};
      return state === "running" && restarts === 1 && pid !== before;
    });
    expect(await runningInstances(sandbox, cluster)).toEqual(three);
    const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", cluster]);
    expect(agents.map(({ instance }) => instance).sort()).toEqual(three);
  });

  test("after a reboot up detects that nothing runs and restarts everything", async () => {
    const { sandbox, wipe } = home();
    await wipe(cluster);
    expect((await sandbox.json<{ state: string }>(["status", cluster])).state).toBe("down");
    const plan = await sandbox.run(["plan", blueprint("2")]);
    expect(plan).toMatchObject({ status: 2, stdout: expect.stringMatching(planLines.repairs) });
    expect((await up(sandbox, [blueprint("2")])).changes).not.toHaveProperty("delete");
    expect(await runningInstances(sandbox, cluster)).toEqual(three);
    expect(Object.keys((await up(sandbox, [blueprint("2")])).changes)).toEqual(["same"]);
  });

  test("logs show the output of an instance, and list the known instances for an unknown name", async () => {
    const { sandbox } = home();
    const { logs } = await sandbox.json<{ logs: { instance: string; lines: string[] }[] }>(["logs", "worker-1"]);
    expect(logs).toMatchObject([
      {
        instance: "worker-1",
        lines: expect.arrayContaining([expect.stringContaining(`alive as worker of ${cluster}`)]),
      },
    ]);
    const whole = await sandbox.json<{ logs: { instance: string }[] }>(["logs", "--cluster", cluster]);
    expect(whole.logs.map(({ instance }) => instance)).toEqual(["boss-0", "worker-0", "worker-1"]);
    const timed = await sandbox.run(["logs", "worker-1", "--since", "1h", "--timestamps"]);
    if (target.name === "local")
      expect(timed).toMatchObject({ status: 1, stderr: expect.stringContaining("does not record") });
    else expect(timed.stdout).toMatch(/^\d{4}-\d\d-\d\dT[\d:.]+Z .*alive as worker/m);
    const wrong = await sandbox.run(["logs", "no-such-instance"]);
    expect(wrong).toMatchObject({
      status: 1,
      stderr: expect.stringContaining("instances: boss-0, worker-0, worker-1"),
    });
  });

  test("down leaves no processes and objects, and no files except an empty state backend and the journal", async () => {
    const { sandbox, remains } = home();
    expect(await remains(cluster)).not.toEqual([]);
    const unnamed = await sandbox.run(["down", "--yes"], { SWARM_CLUSTER: cluster });
    expect(unnamed).toMatchObject({ status: 1, stderr: expect.stringContaining(`swarmctl down ${cluster} --yes`) });
    const { status, stderr } = await sandbox.run(["down", cluster, "--yes"]);
    expect(status, stderr).toBe(0);
    // The system may need time to reap orphaned processes.
    await until("all is gone", async () => (await remains(cluster)).length === 0);
    const files = readdirSync(join(sandbox.home, ".swarmstack"), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => entry.name);
    expect(files.sort()).toEqual(["meta.yaml", "meta.yaml.attrs", "store.db", "swarmstack-passphrase"]);
    expect((await sandbox.json<{ total: number }>(["status"])).total).toBe(0);
  });
}
