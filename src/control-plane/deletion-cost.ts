import type { Client } from "./client.ts";
import { unlessMissing } from "./failure.ts";
import { namespacePath } from "./paths.ts";
import { fieldManager } from "./workload.ts";

/** A Deployment removes otherwise equal pods with a lower cost first; default 0. */
export const costAnnotation = "controller.kubernetes.io/pod-deletion-cost";

/** Cost of a working pod. */
const busyCost = 100;

/** A pod with its present cost. */
interface Priced {
  readonly name: string;
  readonly deletionCost: number;
}

/** Work of an instance that is a pod. */
export interface PodWork {
  readonly id: string;
  readonly health?: string;
  readonly tasks?: readonly string[];
}

/** Costs to write, by pod: low only for pods known to be idle; omits unchanged ones. */
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

/** Writes costs; ignores pods that are gone. @throws ApiFailure when the control plane refuses */
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
