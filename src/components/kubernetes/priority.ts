import { PriorityClass } from "@pulumi/kubernetes/scheduling/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Role, roles } from "../../blueprint/model.ts";
import { partName } from "../../part-name.ts";
import { clusterWide } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

/** When nodes are scarce, supervisors and leads are scheduled first. Far below the system's own classes. */
const values: Readonly<Record<Role, number>> = { supervisor: 4000, lead: 3000, specialist: 2000, worker: 1000 };

export type Priorities = Readonly<Partial<Record<Role, pulumi.Output<string>>>>;

/** Priority classes are not namespaced, so their names include the cluster's. */
export function createPriorities(scope: KubernetesScope): Priorities {
  const { plan, options } = scope;
  const used = roles.filter((role) => plan.agents.some((agent) => agent.role === role));
  return Object.fromEntries(used.map((role) => [role, createPriority(role)]));

  function createPriority(role: Role): pulumi.Output<string> {
    const name = partName(plan.resource, role);
    const description = `Agents of ${plan.cluster} with the role ${role}`;
    const args = { metadata: clusterWide(scope, name), value: values[role], description };
    return new PriorityClass(name, args, options).metadata.name;
  }
}
