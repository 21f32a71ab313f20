import type { Client } from "../../control-plane/client.ts";
import { deletionCosts, writeDeletionCosts } from "../../control-plane/deletion-cost.ts";
import { factsOf, listPods } from "../../control-plane/pods.ts";
import { readWorkload, type WorkloadName } from "../../control-plane/workload.ts";
import { SwarmError } from "../../errors.ts";
import { labelKeys } from "../../names.ts";
import type { CallContext } from "../base/resource.ts";

/**
 * Lowers the deletion cost of a Deployment's idle pods before a scale-in, so that its controller removes those first. A pod
 * that becomes busy afterwards still drains. Writes nothing if the idle pods are unknown.
 */
export async function spareBusy(
  client: Client,
  name: WorkloadName,
  replicas: number,
  { log, signal }: Pick<CallContext, "log" | "signal">,
): Promise<void> {
  const workload = name.kind === "Deployment" ? await readWorkload(client, name) : undefined;
  const resource = workload?.labels[labelKeys.cluster];
  if (workload === undefined || resource === undefined || replicas === 0 || workload.replicas <= replicas) return;
  const { namespace } = name;
  try {
    const { pods } = await listPods(client, namespace, workload.selector);
    await writeDeletionCosts(
      client,
      namespace,
      deletionCosts(pods.map(factsOf), await workOf(client, { namespace, resource }, signal)),
    );
  } catch (error) {
    signal.throwIfAborted();
    log.info(
      `idle pods of ${name.name} are unknown, so busy ones may be removed: ${error instanceof Error ? error.message : String(error)}`,
    );
  }
}

/** @throws SwarmError SW704 when the cluster's agent server does not answer */
async function workOf(
  client: Client,
  place: { readonly namespace: string; readonly resource: string },
  signal: AbortSignal,
) {
  const { podDriver } = await import("../../drivers/kubernetes/kubernetes-driver.ts");
  const driver = podDriver(client, place);
  try {
    const status = await driver.status(signal);
    if (status?.api !== undefined) return status.agents.flatMap(({ instances }) => instances);
    throw new SwarmError("SW704", `the agent server of ${place.resource} does not answer`);
  } finally {
    driver.close();
  }
}
