import type { V1Pod } from "@kubernetes/client-node";
import { type Client, calling } from "./client.ts";
import { costAnnotation } from "./deletion-cost.ts";

/** A pod of a workload. */
export interface PodFacts {
  readonly name: string;
  readonly ready: boolean;
  /** It was asked to end, and has not ended yet. */
  readonly ending: boolean;
  /** Who costs less goes first when the count of a Deployment falls (src/control-plane/deletion-cost.ts). */
  readonly deletionCost: number;
  /** Why it is not ready, where Kubernetes says so. */
  readonly reason: string | undefined;
}

/** @param selector of labels, as "a=b,c=d" */
export async function listPods(client: Client, namespace: string, selector: string): Promise<readonly PodFacts[]> {
  const api = client.config.makeApiClient(client.library.CoreV1Api);
  const { items } = await calling(client, () => api.listNamespacedPod({ namespace, labelSelector: selector }));
  return items.map(factsOf);
}

function factsOf({ metadata, status }: V1Pod): PodFacts {
  const condition = (type: string) => status?.conditions?.find((one) => one.type === type);
  const waiting = status?.containerStatuses?.flatMap(({ state }) => state?.waiting ?? [])[0];
  const scheduled = condition("PodScheduled");
  return {
    name: metadata?.name ?? "",
    ready: condition("Ready")?.status === "True",
    ending: metadata?.deletionTimestamp !== undefined,
    deletionCost: Number(metadata?.annotations?.[costAnnotation] ?? 0),
    reason: scheduled?.status === "False" ? scheduled.message : (waiting?.message ?? waiting?.reason),
  };
}
