import type { InstanceStatus } from "../../agent-api/status.ts";
import type { Client } from "../../control-plane/client.ts";
import { deletionCosts, writeDeletionCosts } from "../../control-plane/deletion-cost.ts";
import { factsOf, listPods } from "../../control-plane/pods.ts";
import { writeFastScale } from "../../control-plane/scale.ts";
import { readWorkload, type Workload, type WorkloadName } from "../../control-plane/workload.ts";
import type { Driver } from "../../drivers/driver.ts";
import type { Actuator, Write, Written } from "./actuator.ts";
import { drainVictims, forgetDrained, forgetInterrupted, letWork, stayingOf } from "./drain-victims.ts";
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
  const { client, driver, workloads } = options;
  const name = workloads.get(write.agent);
  const present = name && (await readWorkload(client, name));
  if (name === undefined || present === undefined) {
    return { ok: false, code: "moved-on", reason: `agent ${write.agent} has no workload` };
  }
  if (write.count < present.replicas) return lower(options, name, write, signal);
  const written = await writeCount(options, name, write, write.count);
  const status = await driver.status(signal).catch(() => undefined);
  await forgetInterrupted(driver, stayingOf(status, write.agent)).catch(() => {});
  return written;
}

/** Lowers a count by the instances that have drained. Where the write is refused or fails, they work again. */
async function lower(
  options: WorkloadActuatorOptions,
  name: WorkloadName,
  write: Write,
  signal: AbortSignal,
): Promise<Written> {
  const { client, driver } = options;
  const status = await driver.status(signal);
  const staying = status?.api === undefined ? [] : stayingOf(status, write.agent);
  await forgetInterrupted(driver, staying);
  const workload = await readWorkload(client, name);
  const replicas = workload?.replicas ?? 0;
  // Pods that are not there yet hold no task, but which of them would go is the controller's choice.
  const candidates = staying.length === replicas ? staying : [];
  const removal = name.kind === "Deployment" ? "any" : "highest";
  const victims = chooseVictims(candidates, write.count, removal);
  const drained = await drainVictims(driver, await obeyed(client, name, workload, victims), removal, signal);
  let written: Written | undefined;
  try {
    if (name.kind === "Deployment") await priceOut(client, name, workload, drained);
    written = await writeCount(options, name, write, replicas - drained.length);
  } finally {
    if (written?.ok !== true) await letWork(driver, drained);
  }
  // A set gives its next pod the name of the last one that went.
  if (written.ok && name.kind === "StatefulSet") await forgetDrained(driver, drained, signal).catch(() => {});
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
  const code = written.because === "missing" ? "moved-on" : written.because;
  return { ok: false, code, reason: written.reason };
}

/** The victims that the controller of a Deployment would choose too: it removes pods that are not ready first, whatever they cost. */
async function obeyed(
  client: Client,
  { kind, namespace }: WorkloadName,
  workload: Workload | undefined,
  victims: readonly InstanceStatus[],
): Promise<readonly InstanceStatus[]> {
  if (kind !== "Deployment" || workload === undefined || victims.length === 0) return victims;
  const { pods } = await listPods(client, namespace, workload.selector);
  const chosen = new Set(victims.map(({ id }) => id));
  const others = pods.map(factsOf).filter(({ name, ending }) => !ending && !chosen.has(name));
  return others.every(({ ready }) => ready) ? victims : [];
}

/** Makes the drained pods of a Deployment the cheapest ones. */
async function priceOut(
  client: Client,
  { namespace }: WorkloadName,
  workload: Workload | undefined,
  drained: readonly InstanceStatus[],
): Promise<void> {
  if (workload === undefined || drained.length === 0) return;
  const { pods } = await listPods(client, namespace, workload.selector);
  const going = drained.map(({ id }) => ({ id, health: "drained" }));
  await writeDeletionCosts(client, namespace, deletionCosts(pods.map(factsOf), going));
}
