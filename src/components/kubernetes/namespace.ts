import { LimitRange, Namespace, ResourceQuota } from "@pulumi/kubernetes/core/v1/index.js";
import { partName } from "../../part-name.ts";
import type { KubernetesPlan, Plan } from "../../plan/plan.ts";
import type { Transforms } from "../transforms.ts";
import { clusterLabels, inNamespace } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";

const levels = ["enforce", "audit", "warn"] as const;

/** A namespace that admits only pods with minimal privileges (Pod Security Standards, restricted). */
export function createNamespace(
  plan: Plan,
  { namespace }: KubernetesPlan,
  options: KubernetesScope["options"],
  transform: Transforms,
): Namespace {
  const security = Object.fromEntries(
    levels.flatMap((level) => [
      [`pod-security.kubernetes.io/${level}`, "restricted"],
      [`pod-security.kubernetes.io/${level}-version`, "latest"],
    ]),
  );
  const args = { metadata: { name: namespace.name, labels: { ...clusterLabels(plan), ...security } } };
  return new Namespace(plan.resource, transform.namespace?.(args) ?? args, options);
}

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
