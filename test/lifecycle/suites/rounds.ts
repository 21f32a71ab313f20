import { expect, test } from "vitest";
import { poll } from "../../../src/platform/wait.ts";
import {
  agentsOf,
  clusterOn,
  detailOf,
  operationsOf,
  rootsOf,
  statusOf,
  swarmctl,
  type TestCluster,
  teach,
} from "../../support/targets/cluster.ts";
import type { Target } from "../../support/targets/target.ts";

interface Rounds {
  /** Size of the cluster; all instances have state. */
  readonly instances: number;
  /** Default 5. */
  readonly rounds?: number;
}

const wakeDeadlineMs = 10 * 60_000;

/**
 * Hibernates and reactivates many instances repeatedly, on any target: states and replicas are restored, and nothing runs in
 * between. The instances work between the rounds, so that their states differ.
 *
 * The wake time of each instance is printed, not asserted: from the start of `swarmctl reactivate` until the instance is idle
 * without a directive. It includes the start of the command and the engine, and the verification of all states.
 */
export function roundsSuite(target: Target, { instances, rounds = 5 }: Rounds): void {
  test(`${rounds} rounds of ${instances} stateful instances: states and replicas are restored, and nothing runs in between`, async ({
    onTestFinished,
  }) => {
    const cluster = await clusterOn(target, onTestFinished, { workers: `${instances - 1}` });
    const { counts } = await statusOf(cluster);
    const asleep: number[] = [];
    const awake: number[] = [];
    let before: Readonly<Record<string, string>> = {};
    for (let round = 1; round <= rounds; round++) {
      await teach(cluster, 2 * instances);
      const hibernateMs = await took(() => swarmctl(cluster, "hibernate", cluster.name));
      expect(await statusOf(cluster)).toMatchObject({ status: "HIBERNATED", state: "hibernated", counts });
      expect(await cluster.running()).toEqual([]);
      const saved = await savedRoots(cluster);
      expect(Object.keys(saved)).toHaveLength(instances);
      expect(saved).not.toEqual(before);

      const wakeMs = await wakeTimes(cluster, instances);
      expect(await statusOf(cluster)).toMatchObject({ status: "ACTIVE", state: "running", counts });
      expect((await agentsOf(cluster)).map(({ instance }) => instance).sort()).toEqual(Object.keys(saved));
      expect(await rootsOf(cluster)).toEqual(saved);
      before = saved;
      asleep.push(hibernateMs);
      awake.push(...wakeMs);
      console.log(`${target.name}: round ${round}: asleep in ${seconds(hibernateMs)}, awake ${figures(wakeMs)}`);
    }
    const all = `${instances} instances, ${rounds} rounds`;
    console.log(`${target.name}: ${all}: asleep ${figures(asleep)}, wake time ${figures(awake)}`);
  });
}

/** Reactivates a cluster and measures the wake time of each instance. */
async function wakeTimes(cluster: TestCluster, instances: number): Promise<readonly number[]> {
  const failed = new AbortController();
  const begun = performance.now();
  const command = swarmctl(cluster, "reactivate", cluster.name);
  command.catch(() => failed.abort());
  const [serving] = await Promise.all([untilAllServe(cluster, instances, begun, failed.signal), command]);
  return serving;
}

async function untilAllServe(cluster: TestCluster, instances: number, begun: number, signal: AbortSignal) {
  const driver = await cluster.driver();
  const serving = new Map<string, number>();
  const all = await poll(
    async () => {
      // The agent server does not run yet.
      const status = await driver.status(signal).catch(() => undefined);
      for (const { id, health, order } of status?.agents.flatMap((agent) => agent.instances) ?? []) {
        if (health === "idle" && order === undefined && !serving.has(id)) serving.set(id, performance.now() - begun);
      }
      return serving.size === instances ? [...serving.values()] : undefined;
    },
    { deadlineMs: wakeDeadlineMs, intervalMs: 100, signal },
  );
  if (all !== undefined) return all;
  throw new Error(`only ${serving.size} of ${instances} serve after ${wakeDeadlineMs} ms`);
}

/** Root hashes that the last hibernation recorded. */
async function savedRoots(cluster: TestCluster): Promise<Readonly<Record<string, string>>> {
  const [hibernate] = await operationsOf(cluster);
  return detailOf<Record<string, string>>(cluster, hibernate?.id ?? "", "checkpoint");
}

async function took(work: () => Promise<unknown>): Promise<number> {
  const begun = performance.now();
  await work();
  return performance.now() - begun;
}

function figures(ms: readonly number[]): string {
  return `p50 ${seconds(percentile(ms, 0.5))}, p95 ${seconds(percentile(ms, 0.95))}, longest ${seconds(Math.max(...ms))}`;
}

function percentile(values: readonly number[], part: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.ceil(part * sorted.length) - 1] ?? 0;
}

function seconds(ms: number): string {
  return `${(ms / 1000).toFixed(1)} s`;
}
