import type { Client } from "./client.ts";
import { unlessMissing } from "./failure.ts";
import { namespacePath } from "./paths.ts";
import { fieldManager } from "./workload.ts";

/** Of pods that are alike in all else, the cheaper ones of a Deployment go first; without it the cost is 0. */
export const costAnnotation = "controller.kubernetes.io/pod-deletion-cost";

/** Of a pod that works on something. */
const busyCost = 100;

/** A pod, and the cost that was written for it. */
interface Priced {
  readonly name: string;
  readonly deletionCost: number;
}

/** What is known of an instance that is a pod. */
export interface PodWork {
  readonly id: string;
  readonly health?: string;
  readonly tasks?: readonly string[];
}

/** The costs to be written, by pod: only who is known to be idle is cheap, and what is as it should be is left out. */
export function deletionCosts(pods: readonly Priced[], instances: readonly PodWork[]): ReadonlyMap<string, number> {
  const idle = new Set(instances.filter(isIdle).map(({ id }) => id));
  const wanted = pods.map(({ name, deletionCost }) => ({ name, deletionCost, cost: idle.has(name) ? 0 : busyCost }));
  return new Map(
    wanted.filter(({ cost, deletionCost }) => cost !== deletionCost).map(({ name, cost }) => [name, cost]),
  );
}

function isIdle({ health, tasks = [] }: PodWork): boolean {
  return (health === "idle" || health === "drained") && tasks.length === 0;
}

/** A pod that is gone needs none. @throws ApiFailure when the control plane refuses */
export async function writeDeletionCosts(
  { api }: Client,
  namespace: string,
  costs: ReadonlyMap<string, number>,
): Promise<void> {
  for (const [name, cost] of costs) {
    await unlessMissing(
      api.request({
        method: "PATCH",
        path: namespacePath(namespace, "pods", name),
        query: { fieldManager },
        body: { metadata: { annotations: { [costAnnotation]: `${cost}` } } },
        contentType: "application/merge-patch+json",
      }),
    );
  }
}
