import { LimitRange, ResourceQuota } from "@pulumi/kubernetes/core/v1/index.js";
import { partName } from "../../part-name.ts";
import { inNamespace } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";

/** The namespace's hard limits, and the default requests of a container: the quota refuses a container without requests. */
export function createQuota(scope: KubernetesScope): void {
  const { plan, kubernetes, options } = scope;
  const name = partName(plan.resource, "quota");
  const hard = Object.fromEntries(Object.entries(kubernetes.quota).map(([key, most]) => [key, quantity(Number(most))]));
  new ResourceQuota(name, { metadata: inNamespace(scope, name), spec: { hard } }, options);
  const limits = partName(plan.resource, "limits");
  new LimitRange(
    limits,
    {
      metadata: inNamespace(scope, limits),
      spec: {
        limits: [{ type: "Container", default: { memory: "256Mi" }, defaultRequest: { cpu: "100m", memory: "256Mi" } }],
      },
    },
    options,
  );
}
