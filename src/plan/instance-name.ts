import type { TargetKind } from "../blueprint/model.ts";
import { partName, shorten } from "../part-name.ts";
import { targets } from "../targets/targets.ts";
import type { AgentPlan } from "./plan.ts";

/** Pods of a StatefulSet have its name and a hash of ten digits in a label of 63 characters. */
const maxSetName = 52;

type Named = Pick<AgentPlan, "key" | "resource" | "shape">;

/** The StatefulSet of an agent whose instances start and stop in order. */
export function orderedSetName({ resource }: Pick<AgentPlan, "resource">): string {
  return shorten(resource, maxSetName);
}

/** The StatefulSet of one instance that can stop alone. */
export function singleSetName({ resource }: Pick<AgentPlan, "resource">, ordinal: number): string {
  return partName(resource, String(ordinal), maxSetName);
}

/** Id of an instance on targets without names of their own, such as local and docker. */
export function instanceId({ key }: Pick<AgentPlan, "key">, ordinal: number): string {
  return `${key}-${ordinal}`;
}

/** The name that an instance registers with; undefined for stateless pods, whose names Kubernetes generates. */
export function instanceName(target: TargetKind, agent: Named, ordinal: number): string | undefined {
  if (!targets[target].kubernetes) return instanceId(agent, ordinal);
  const names = {
    stateless: undefined,
    ordered: `${orderedSetName(agent)}-${ordinal}`,
    single: `${singleSetName(agent, ordinal)}-0`,
  } as const;
  return names[agent.shape];
}
