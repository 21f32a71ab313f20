import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { drain, resume, waitForDrained } from "../../../src/drivers/control/directive-calls.ts";
import { until } from "../../support/sandbox.ts";
import {
  agentsOf,
  clusterOn,
  operationsOf,
  rootsOf,
  statusOf,
  swarmctl,
  type TestCluster,
  teach,
} from "../../support/targets/cluster.ts";
import type { Target } from "../../support/targets/target.ts";

const workersOf = ({ instance }: TestCluster) => [0, 1, 2, 3].map((ordinal) => instance("worker", ordinal));

/** Updates of the blueprint on any target. */
export function updateSuite(target: Target): void {
  test("update: restarts one worker at a time with its state; a failing update stops at the first worker and can be rolled back", async ({
    onTestFinished,
  }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: "4" });
    const boss = cluster.instance("boss", 0);
    await teach(cluster, 12);
    await save(cluster);
    const before = { roots: await rootsOf(cluster), lives: await livesOf(cluster) };

    write(cluster, "1.1.0", "GREETING: hello");
    const watch = await watchWorkers(cluster);
    await swarmctl(cluster, "up", cluster.blueprint);
    expect(await watch.end(), "most workers that were down at once").toBe(1);
    expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", blueprint: { version: "1.1.0" } });
    const updated = { roots: await rootsOf(cluster), lives: await livesOf(cluster) };
    expect(updated.roots).toEqual(before.roots);
    for (const worker of workersOf(cluster)) {
      expect(updated.lives[worker], worker).toBeGreaterThan(before.lives[worker] ?? 0);
      const printed = await cluster.sandbox.run(["exec", worker, "sh", "-c", 'echo "$GREETING"']);
      expect(printed, printed.stderr).toMatchObject({ status: 0, stdout: "hello\n" });
    }
    expect(updated.lives[boss]).toBe(before.lives[boss]);

    write(cluster, "1.2.0", "NODE_OPTIONS: --require=/nowhere.cjs");
    const second = await watchWorkers(cluster);
    const failed = await cluster.sandbox.run(["up", cluster.blueprint]);
    expect(failed.status, failed.stdout + failed.stderr).toBe(1);
    expect(await second.end(), "most workers that were down at once").toBe(1);
    const [operation] = await operationsOf(cluster);
    expect(operation).toMatchObject({ kind: "update", status: "failed" });
    await swarmctl(cluster, "ops", "rollback", operation?.id ?? "");
    expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", blueprint: { version: "1.1.0" } });
    await until("all workers are back", async () =>
      (await agentsOf(cluster)).every(({ state, health }) => state === "running" && health === "idle"),
    );
    expect(await rootsOf(cluster)).toEqual(before.roots);
    // They work again and continue their count.
    await teach(cluster, 3);
  });
}

function write({ sandbox, blueprint }: TestCluster, version: string, variable: string): void {
  const text = readFileSync(blueprint, "utf8").replace(/version: [\d.]+/, `version: ${version}`);
  const [head = "", worker = ""] = text.split(/(?= {2}- role: worker\n)/);
  sandbox.write("team.yaml", `${head}${worker.replace(/\n {4}env: .*/, "").trimEnd()}\n    env: { ${variable} }\n`);
}

/** Number of starts of each worker. */
async function livesOf(cluster: TestCluster): Promise<Readonly<Record<string, number>>> {
  return Object.fromEntries((await agentsOf(cluster)).map(({ instance, epoch }) => [instance, epoch ?? 0]));
}

/** Drains the workers, which saves their state. */
async function save(cluster: TestCluster): Promise<void> {
  const driver = await cluster.driver();
  const signal = AbortSignal.timeout(60_000);
  for (const agent of ["boss", "worker"]) {
    await drain(driver, { agent });
    await waitForDrained(driver, { agent }, { deadlineMs: 60_000, signal });
    await resume(driver, { agent });
  }
}

/** Polls the number of workers that are down. */
async function watchWorkers(cluster: TestCluster) {
  const driver = await cluster.driver();
  const workers = workersOf(cluster);
  const ended = new AbortController();
  let most = 0;
  async function look(): Promise<void> {
    while (!ended.signal.aborted) {
      const status = await driver.status().catch(() => undefined);
      const instances = status?.agents.find(({ agent }) => agent === "worker")?.instances;
      if (instances === undefined) continue;
      const up = instances.filter(({ id, state }) => workers.includes(id) && state === "running");
      most = Math.max(most, workers.length - up.length);
    }
  }
  const looking = look();
  return {
    async end(): Promise<number> {
      ended.abort();
      await looking;
      return most;
    },
  };
}
