import { createHash } from "node:crypto";
import { Secret } from "@pulumi/kubernetes/core/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { SecretReference } from "../../blueprint/model.ts";
import { partName } from "../../part-name.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { inNamespace } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";

export interface SecretVariable {
  readonly name: string;
  readonly valueFrom: { readonly secretKeyRef: { readonly name: pulumi.Input<string>; readonly key: string } };
}

export interface KubernetesSecrets {
  /** REDIS_URL, where it comes from the environment. */
  redis(): readonly SecretVariable[];
  variables(agent: AgentPlan): readonly SecretVariable[];
  /** Changes with the values that the agent reads; too short to reveal them. Undefined where it reads none. */
  checksum(agent: AgentPlan): pulumi.Output<string> | undefined;
}

const redisVariable = "REDIS_URL";

/** One Secret with the values from outside Kubernetes; references to other Secrets stay references. */
export function createSecrets(scope: KubernetesScope): KubernetesSecrets {
  const { plan, resolver, options, uid } = scope;
  const values: Record<string, pulumi.Output<string>> = {};
  for (const [name, reference] of Object.entries(plan.secrets)) {
    if (reference.kind !== "kubernetes") values[name] = resolver.secret(name, reference);
  }
  const { redis } = plan.network;
  if (redis?.kind === "env")
    values[redisVariable] = resolver.secret(redisVariable, { kind: "env", variable: redis.variable });
  const stored = Object.keys(values).length === 0 ? undefined : createSecret();

  function createSecret(): pulumi.Output<string> {
    const name = partName(plan.resource, "secrets");
    const args = { metadata: inNamespace(scope, name), type: "Opaque", stringData: values };
    return new Secret(name, args, options).metadata.name;
  }

  function namesOf({ secrets, queue }: AgentPlan): readonly string[] {
    return queue !== undefined && redis?.kind === "env" ? [...secrets, redisVariable] : secrets;
  }

  function variable(name: string): SecretVariable {
    const reference: SecretReference | undefined = plan.secrets[name];
    if (reference?.kind === "kubernetes") {
      return { name, valueFrom: { secretKeyRef: { name: reference.secret, key: reference.key } } };
    }
    if (stored === undefined) throw new TypeError(`secret ${name} is not in the plan`);
    return { name, valueFrom: { secretKeyRef: { name: stored, key: name } } };
  }

  return {
    redis: () => (redis?.kind === "env" ? [variable(redisVariable)] : []),
    variables: (agent) => namesOf(agent).map(variable),
    checksum(agent) {
      const read = namesOf(agent).flatMap((name) => values[name] ?? []);
      if (read.length === 0) return undefined;
      return pulumi
        .all([uid, ...read])
        .apply((parts) => createHash("sha256").update(JSON.stringify(parts)).digest("hex").slice(0, 8));
    },
  };
}
