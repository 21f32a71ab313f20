import pLimit from "p-limit";
import { z } from "zod";
import type { InstanceStatus } from "../agent-api/status.ts";
import { drain, resume, waitForDrained } from "../drivers/control/directive-calls.ts";
import type { Driver } from "../drivers/driver.ts";
import { SwarmError } from "../errors.ts";
import { poll } from "../platform/wait.ts";
import { type DrainedAgent, instancesOf } from "./instances.ts";
import type { Run } from "./run.ts";

/** An instance to restart, with its properties before the restart. */
export const restartTargetSchema = z.object({
  id: z.string(),
  agent: z.string(),
  startedAt: z.string().optional(),
  /** Instances of its agent before the restart. */
  replicas: z.number(),
});
export type RestartTarget = z.infer<typeof restartTargetSchema>;

type Present = InstanceStatus & { readonly agent: string };

/** Added to the grace period of an agent, for its start and for busy machines. */
const startMs = 120_000;

/** Whether an instance is running, and responsive if it has registered. A directive may keep it drained. */
export function isUp({ state, health }: Pick<InstanceStatus, "state" | "health">): boolean {
  return state === "running" && health !== undefined && !["starting", "failed", "unresponsive"].includes(health);
}

/**
 * Phase of an instance's restart: `before` it, `between` stop and start, or `after`. An instance that returns with another
 * name has restarted when its agent has as many running instances as before.
 */
export function restartPhase(target: RestartTarget, present: readonly Present[]): "before" | "between" | "after" {
  const found = present.find(({ id }) => id === target.id);
  if (found === undefined) {
    const running = present.filter((one) => one.agent === target.agent && isUp(one)).length;
    return running >= target.replicas ? "after" : "between";
  }
  if (found.state === "stopping") return "between";
  if (found.startedAt === target.startedAt) return "before";
  return isUp(found) ? "after" : "between";
}

/** Lists the instances to restart: all, or those of one agent, or one. @throws SwarmError SW705 for another name */
export function selectTargets(present: readonly Present[], only: string | undefined): readonly RestartTarget[] {
  const found = only === undefined ? present : present.filter(({ id, agent }) => only === id || only === agent);
  if (found.length === 0 && only !== undefined) {
    const known = [...new Set(present.flatMap(({ id, agent }) => [agent, id]))].join(", ") || "none";
    throw new SwarmError("SW705", `there is no agent or instance ${only} (agents and instances: ${known})`, {
      values: { only },
    });
  }
  return found.map(({ id, agent, startedAt }) => ({
    ...{ id, agent, replicas: present.filter((one) => one.agent === agent).length },
    ...(startedAt !== undefined && { startedAt }),
  }));
}

interface Rolling {
  readonly driver: Driver;
  readonly agents: readonly DrainedAgent[];
  readonly targets: readonly RestartTarget[];
  /** Maximum number of instances that are down at once. */
  readonly parallel: number;
}

/**
 * Restarts instances one after another: drains each, so that it finishes its tasks and saves its state, then stops and starts it.
 * Skips those that have restarted since they were listed.
 *
 * @throws SwarmError SW604 with the instance that does not restart, and its reason
 */
export async function restartAll({ driver, agents, targets, parallel }: Rolling, run: Run): Promise<void> {
  const graceMs = new Map(agents.map(({ key, terminationGracePeriodMs }) => [key, terminationGracePeriodMs]));
  const done: Record<string, number> = {};
  const atOnce = pLimit(parallel);
  try {
    await atOnce.map(targets, async (target) => {
      run.signal.throwIfAborted();
      await restartOne(driver, target, graceMs.get(target.agent) ?? 0, run);
      const { agent } = target;
      done[agent] = (done[agent] ?? 0) + 1;
      run.progress(agent, "restarting", done[agent], targets.filter((one) => one.agent === agent).length);
    });
  } finally {
    // A failure starts no further restarts.
    atOnce.clearQueue();
  }
}

async function restartOne(driver: Driver, target: RestartTarget, graceMs: number, run: Run): Promise<void> {
  const { signal } = run;
  const present = await instancesOf(driver, signal);
  if (restartPhase(target, present) === "before") {
    const found = present.find(({ id }) => id === target.id);
    if (found !== undefined && isUp(found)) await drainOne(driver, target.id, graceMs, run);
    await driver.restart(target.id, signal);
  }
  let last: readonly Present[] = present;
  const isAfter = await poll(
    async () => {
      last = await instancesOf(driver, signal);
      return restartPhase(target, last) === "after" || undefined;
    },
    { deadlineMs: graceMs + startMs, intervalMs: 100, signal },
  );
  if (!isAfter) throw notBack(target, last);
  await withdrawDrain(driver, target.id);
}

/** Drains an instance; one that cannot be drained, for example because it hangs, is restarted anyway. */
async function drainOne(driver: Driver, instance: string, graceMs: number, { signal, note }: Run): Promise<void> {
  try {
    await drain(driver, { instance }, graceMs, signal);
    await waitForDrained(driver, { instance }, { deadlineMs: graceMs + 10_000, signal });
  } catch (error) {
    if (signal.aborted || !(error instanceof SwarmError)) throw error;
    note(`${instance} is restarted although it is not drained: ${error.message.split("\n").at(-1)}`);
  }
}

/** Ends the drain of an instance; ignores one that is gone. */
export async function withdrawDrain(driver: Driver, instance: string): Promise<void> {
  await resume(driver, { instance }).catch((error: unknown) => {
    if (!(error instanceof SwarmError && error.code === "SW705")) throw error;
  });
}

function notBack({ id, agent }: RestartTarget, present: readonly Present[]): SwarmError {
  const found = present.find((one) => one.id === id) ?? present.find((one) => one.agent === agent && !isUp(one));
  const state = found === undefined ? "it is gone" : `${found.id} is ${found.health ?? found.state}`;
  const reason = found?.reason === undefined ? "" : `: ${found.reason}`;
  return new SwarmError("SW604", `${id} has not come back after its restart: ${state}${reason}`, {
    hints: [`read its log: swarmctl logs ${found?.id ?? agent}`],
    values: { instance: id },
  });
}
