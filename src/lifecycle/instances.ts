import pLimit from "p-limit";
import type { InstanceStatus } from "../agent-api/status.ts";
import { parseSource } from "../blueprint/load.ts";
import { latestCheckpoint, readChunk } from "../drivers/control/checkpoint-calls.ts";
import { drain, resume, waitForDrained } from "../drivers/control/directive-calls.ts";
import type { Driver, RuntimeStatus } from "../drivers/driver.ts";
import { SwarmError } from "../errors.ts";
import { poll } from "../platform/wait.ts";
import type { Run } from "./run.ts";
import { sourceOf } from "./source.ts";

/** Root hash of the last checkpoint by instance. */
export type StateRoots = Readonly<Record<string, string>>;

/** Added to the agents' grace period, for reports and busy machines. */
const graceMs = 30_000;
/** Concurrent calls to an agent server. */
export const callsAtOnce = 16;

/** Lists the agents of a cluster's blueprint. */
export async function agentsOf({ cluster }: Run): Promise<readonly DrainedAgent[]> {
  const { agents } = parseSource(sourceOf(cluster));
  return agents.map(({ key, drainMs, state }) => ({ key, terminationGracePeriodMs: drainMs, state }));
}

/** Returns the driver of a cluster. @throws SwarmError SW704 when the cluster is not reachable */
export async function reached(run: Run): Promise<Driver> {
  const driver = await run.driver();
  if (driver !== undefined) return driver;
  throw new SwarmError("SW704", `the agents of cluster ${run.cluster.name} are not reachable from here`);
}

/** Returns the driver of one of the cluster's stacks. @throws SwarmError SW704 when the stack is not reachable */
export async function reachedOn(run: Run, stack: string): Promise<Driver> {
  const driver = await run.driver(stack);
  if (driver !== undefined) return driver;
  throw new SwarmError("SW704", `the agents of stack ${stack} are not reachable from here`);
}

/** Lists all instances of a cluster with the key of their agent. @throws SwarmError SW704 when the agent server does not respond */
export async function instancesOf(
  driver: Driver,
  signal: AbortSignal,
): Promise<readonly (InstanceStatus & { readonly agent: string })[]> {
  const status = await driver.status(signal);
  return (status?.agents ?? []).flatMap(({ agent, instances }) => instances.map((one) => ({ ...one, agent })));
}

/**
 * Drains all agents, each within its grace period, and waits until all are drained.
 *
 * @throws SwarmError SW604 with the instances that are not drained
 */
export async function drainAll(
  driver: Driver,
  agents: readonly DrainedAgent[],
  { signal, progress }: Run,
): Promise<void> {
  for (const { key } of agents) await drain(driver, { agent: key }, undefined, signal);
  for (const { key, terminationGracePeriodMs } of agents) {
    await waitForDrained(
      driver,
      { agent: key },
      {
        deadlineMs: terminationGracePeriodMs + graceMs,
        signal,
        onLook: (done, of) => progress(key, "draining", done, of),
      },
    );
  }
}

/**
 * Drains all agents as `drainAll` does.
 *
 * @returns by instance, the time at which it was drained, in milliseconds since the epoch
 * @throws SwarmError SW604 with the instances that are not drained
 */
export async function quietenAll(
  driver: Driver,
  agents: readonly DrainedAgent[],
  { signal, progress }: Run,
): Promise<Readonly<Record<string, number>>> {
  for (const { key } of agents) await drain(driver, { agent: key }, undefined, signal);
  const longestMs = Math.max(0, ...agents.map(({ terminationGracePeriodMs }) => terminationGracePeriodMs));
  const since: Record<string, number> = {};
  let last: Awaited<ReturnType<typeof instancesOf>> = [];
  const all = await poll(
    async () => {
      last = (await instancesOf(driver, signal)).filter(({ health }) => health !== undefined);
      const now = Date.now();
      for (const { id, health } of last) if (health === "drained") since[id] ??= now;
      for (const { key } of agents) {
        const own = last.filter(({ agent }) => agent === key);
        progress(key, "draining", own.filter(({ id }) => since[id] !== undefined).length, own.length);
      }
      return last.every(({ id }) => since[id] !== undefined) || undefined;
    },
    { deadlineMs: longestMs + graceMs, intervalMs: 100, signal },
  );
  if (all) return since;
  const others = last.filter(({ id }) => since[id] === undefined).map(({ id, health }) => `${id}: ${health}`);
  throw new SwarmError("SW604", `${others.length} instances are not drained: ${others.join(", ")}`, {
    values: { others },
  });
}

/**
 * Waits until no process of a hibernated cluster is running.
 *
 * @throws SwarmError SW604 with the instances that still run
 */
export async function waitUntilNothingRuns(
  driver: Driver | undefined,
  agents: readonly DrainedAgent[],
  { signal }: Run,
): Promise<void> {
  if (driver === undefined) return;
  const longestMs = Math.max(0, ...agents.map(({ terminationGracePeriodMs }) => terminationGracePeriodMs));
  let left: RuntimeStatus | undefined;
  const still = await poll(
    async () => {
      left = await driver.status(signal);
      return left === undefined || undefined;
    },
    { deadlineMs: longestMs + graceMs, intervalMs: 200, signal },
  );
  if (still !== undefined) return;
  const ids = (left?.agents ?? []).flatMap(({ instances }) => instances.map(({ id }) => id));
  const names = [...ids, ...(left?.api === undefined ? [] : [left.api])];
  throw new SwarmError("SW604", `${names.length} processes of the hibernated cluster still run: ${names.join(", ")}`, {
    values: { names },
  });
}

export interface DrainedAgent {
  readonly key: string;
  readonly terminationGracePeriodMs: number;
  readonly state: unknown;
}

/** Ends the drain of all agents; ignores agents without an instance. */
export async function resumeAll(driver: Driver, agents: readonly { readonly key: string }[]): Promise<void> {
  for (const { key } of agents) {
    await resume(driver, { agent: key }).catch((error: unknown) => {
      if (!(error instanceof SwarmError && error.code === "SW705")) throw error;
    });
  }
}

/**
 * Reads back the last checkpoint of each instance and verifies the hashes of all chunks.
 *
 * @returns the roots of stateful instances; the others may restart under other names
 * @throws SwarmError SW713 with all instances whose state is incomplete, or missing although required
 */
export async function verifyCheckpoints(
  driver: Driver,
  agents: readonly DrainedAgent[],
  { signal, progress }: Pick<Run, "signal" | "progress">,
): Promise<StateRoots> {
  const stateful = new Set(agents.filter(({ state }) => state !== undefined).map(({ key }) => key));
  const roots: Record<string, string> = {};
  const lacks: string[] = [];
  const registered = (await instancesOf(driver, signal)).filter(({ epoch }) => epoch !== undefined);
  const read: Record<string, number> = {};
  await pLimit(callsAtOnce).map(registered, async ({ id, agent }) => {
    try {
      const { root, chunks } = await latestCheckpoint(driver, id, signal);
      for (const hash of new Set(chunks)) await readChunk(driver, id, hash, signal);
      if (stateful.has(agent)) roots[id] = root;
    } catch (error) {
      const none = error instanceof SwarmError && error.code === "SW705" && !stateful.has(agent);
      if (!none) lacks.push(`${id}: ${error instanceof Error ? error.message : String(error)}`);
    }
    read[agent] = (read[agent] ?? 0) + 1;
    progress(agent, "reading states back", read[agent], registered.filter((one) => one.agent === agent).length);
  });
  if (lacks.length === 0) return Object.fromEntries(Object.entries(roots).sort());
  throw new SwarmError("SW713", `the state of ${lacks.length} instances is not saved: ${lacks.sort().join("; ")}`, {
    values: { lacks },
  });
}
