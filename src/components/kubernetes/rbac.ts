import { ServiceAccount } from "@pulumi/kubernetes/core/v1/index.js";
import { Role, RoleBinding } from "@pulumi/kubernetes/rbac/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { type Role as AgentRole, roles } from "../../blueprint/model.ts";
import { partName } from "../../part-name.ts";
import { inNamespace, labelKeys } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

interface Rule {
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly verbs: string[];
}

const seePods: Rule = { apiGroups: [""], resources: ["pods"], verbs: ["get", "list", "watch"] };

/** Supervisors and leads may list pods; other roles need no access to the control plane, and get no token. */
export const rulesOf: Readonly<Record<AgentRole, readonly Rule[]>> = {
  supervisor: [seePods],
  lead: [seePods],
  specialist: [],
  worker: [],
};

/** Name of the service account of each role in use. */
export type Accounts = Readonly<Partial<Record<AgentRole, pulumi.Output<string>>>>;

/** A service account for each role of the hierarchy, with its permissions; a role without any has no Role. */
export function createRoles(scope: KubernetesScope): Accounts {
  const used = roles.filter((role) => scope.plan.agents.some((agent) => agent.role === role));
  return Object.fromEntries(used.map((role) => [role, createRole(scope, role)]));
}

function createRole(scope: KubernetesScope, role: AgentRole): pulumi.Output<string> {
  const { plan, options, namespace } = scope;
  const name = partName(plan.resource, role);
  const metadata = inNamespace(scope, name, { [labelKeys.role]: role });
  const account = new ServiceAccount(name, { metadata, automountServiceAccountToken: false }, options);
  const rules = [...rulesOf[role]];
  if (rules.length > 0) grant();
  return account.metadata.name;

  function grant(): void {
    const rights = new Role(name, { metadata, rules }, options);
    new RoleBinding(
      name,
      {
        metadata,
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: rights.metadata.name },
        subjects: [{ kind: "ServiceAccount", name: account.metadata.name, namespace }],
      },
      options,
    );
  }
}
