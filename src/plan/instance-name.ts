import type { TargetKind } from "../blueprint/model.ts";
import { partName, shorten } from "../part-name.ts";
import { targets } from "../targets/targets.ts";
import type { AgentPlan } from "./plan.ts";

/** Pods of a StatefulSet carry its name and a hash of ten digits in a label of 63. */
const maxSetName = 52;

type Named = Pick<AgentPlan, "key" | "resource" | "shape">;

/** The StatefulSet of an agent whose instances come and go in order. */
export function orderedSetName({ resource }: Pick<AgentPlan, "resource">): string {
  return shorten(resource, maxSetName);
}

/** The StatefulSet of one instance that can go alone. */
export function singleSetName({ resource }: Pick<AgentPlan, "resource">, ordinal: number): string {
  return partName(resource, String(ordinal), maxSetName);
}

/** Id of an instance where it needs no name that the whole target knows: on the local target and on docker. */
export function instanceId({ key }: Pick<AgentPlan, "key">, ordinal: number): string {
  return `${key}-${ordinal}`;
}

/** Under which name an instance registers; undefined for those that a target names as it likes: they have no state of their own. */
export function instanceName(target: TargetKind, agent: Named, ordinal: number): string | undefined {
  if (!targets[target].kubernetes) return instanceId(agent, ordinal);
  const names = {
    stateless: undefined,
    ordered: `${orderedSetName(agent)}-${ordinal}`,
    single: `${singleSetName(agent, ordinal)}-0`,
  } as const;
  return names[agent.shape];
}
