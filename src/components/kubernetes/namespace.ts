import { Namespace } from "@pulumi/kubernetes/core/v1/index.js";
import type { KubernetesPlan, Plan } from "../../plan/plan.ts";
import type { Transforms } from "../transforms.ts";
import { clusterLabels } from "./labels.ts";
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
