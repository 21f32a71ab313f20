import type { InstanceStatus } from "../../agent-api/status.ts";
import type { Client } from "../../control-plane/client.ts";
import { deletionCosts, writeDeletionCosts } from "../../control-plane/deletion-cost.ts";
import { factsOf, listPods } from "../../control-plane/pods.ts";
import { writeFastScale } from "../../control-plane/scale.ts";
import { readWorkload, type WorkloadName } from "../../control-plane/workload.ts";
import { drain, resume, waitForDrained } from "../../drivers/control/directive-calls.ts";
import type { Driver } from "../../drivers/driver.ts";
import type { Actuator, Write, Written } from "./actuator.ts";
import { notApplied } from "./not-applied.ts";
import { chooseVictims } from "./victims.ts";

export interface WorkloadActuatorOptions {
  readonly client: Client;
  readonly driver: Driver;
  /** By agent. */
  readonly workloads: ReadonlyMap<string, WorkloadName>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** An idle instance reports that it has drained at once; one that does not has taken a task meanwhile. */
const drainedWithinMs = 5_000;

/**
 * Writes the counts of a cluster on Kubernetes to its workloads. Before a count falls, idle instances drain and their pods get the
 * lowest deletion cost; it falls by those that have drained.
 */
export function workloadActuator(options: WorkloadActuatorOptions): Actuator {
  return {
    async apply(writes, signal) {
      return Promise.all(writes.map((write) => apply(options, write, signal).catch(notApplied)));
    },
  };
}

async function apply(options: WorkloadActuatorOptions, write: Write, signal: AbortSignal): Promise<Written> {
  const { client, workloads } = options;
  const name = workloads.get(write.agent);
  const present = name && (await readWorkload(client, name));
  if (name === undefined || present === undefined) {
    return { ok: false, code: "moved-on", reason: `agent ${write.agent} has no workload` };
  }
  if (write.count >= present.replicas) return writeCount(options, name, write, write.count);
  const drained = await drainVictims(options, name, write, present.replicas, signal);
  const count = present.replicas - drained.length;
  if (name.kind === "Deployment") await priceOut(client, name, present.selector, drained);
  const written = await writeCount(options, name, write, count);
  if (!written.ok && name.kind === "Deployment") await resumeAll(options.driver, drained, signal);
  return written;
}

async function writeCount(
  { client, now }: WorkloadActuatorOptions,
  name: WorkloadName,
  { uid, generation, seq }: Write,
  replicas: number,
): Promise<Written> {
  const written = await writeFastScale(client, name, { uid, generation, seq, replicas }, now());
  if (written.ok) return { ok: true, count: written.replicas };
  const code = written.because === "pinned" ? "pinned" : "moved-on";
  return { ok: false, code, reason: written.reason };
}

/** Drains idle instances, and returns those that hold no task and take none. The others work again. */
async function drainVictims(
  { driver }: WorkloadActuatorOptions,
  { kind }: WorkloadName,
  { agent, count }: Write,
  replicas: number,
  signal: AbortSignal,
): Promise<readonly InstanceStatus[]> {
  const status = await driver.status(signal);
  const instances = status?.agents.find((one) => one.agent === agent)?.instances ?? [];
  const staying = instances.filter(({ state }) => state !== "stopping" && state !== "stopped");
  // Pods that are not there yet hold no task, but which of them would go is not ours to choose.
  if (status?.api === undefined || staying.length !== replicas) return [];
  const inOrder = staying.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
  // A set gives its next pod the name of the last one that went: a directive would still apply to it. Its pods drain as they end.
  if (kind === "StatefulSet") return chooseVictims(inOrder, count, "highest");
  const victims = chooseVictims(inOrder, count, "any");
  const drained = await Promise.all(victims.map((victim) => hasDrained(driver, victim, signal)));
  const working = victims.filter((_victim, index) => !drained[index]);
  await resumeAll(driver, working, signal);
  return victims.filter((victim) => !working.includes(victim));
}

async function hasDrained(driver: Driver, { id, health }: InstanceStatus, signal: AbortSignal): Promise<boolean> {
  if (health === "starting") return true;
  await drain(driver, { instance: id }, drainedWithinMs, signal);
  return waitForDrained(driver, { instance: id }, { deadlineMs: drainedWithinMs, signal }).then(
    () => true,
    () => false,
  );
}

async function resumeAll(driver: Driver, instances: readonly InstanceStatus[], signal: AbortSignal): Promise<void> {
  for (const { id, health } of instances) {
    if (health !== "starting") await resume(driver, { instance: id }, signal);
  }
}

async function priceOut(
  client: Client,
  { namespace }: WorkloadName,
  selector: string,
  drained: readonly InstanceStatus[],
): Promise<void> {
  const { pods } = await listPods(client, namespace, selector);
  const going = drained.map(({ id }) => ({ id, health: "drained" }));
  await writeDeletionCosts(client, namespace, deletionCosts(pods.map(factsOf), going));
}
