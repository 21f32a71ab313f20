import type { Agent, Blueprint, Role, Target, TargetKind } from "../blueprint/model.ts";
import { resourceName } from "../names.ts";
import type { Bounds } from "./allocate.ts";
import type { BlueprintIdentity } from "./wish.ts";

/** What an update would make of a blueprint on one target: plain JSON, the same bytes for the same input. */
export interface Plan {
  readonly version: 1;
  readonly cluster: string;
  readonly blueprint: BlueprintIdentity & { readonly name: string };
  readonly target: Target;
  readonly bounds: Bounds;
  /** In file order. How many instances each has is the wish's business, not the plan's. */
  readonly agents: readonly AgentPlan[];
}

export interface AgentPlan {
  readonly key: string;
  /** Name of its resources: begins with the cluster's. */
  readonly resource: string;
  readonly role: Role;
  readonly name: string;
  readonly parent: string | undefined;
  readonly capabilities: readonly string[];
  readonly command: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  /** Longest time that an instance has to end after it was asked to. */
  readonly stopTimeoutMs: number;
}

export interface CompileOptions {
  /** Name of the cluster: the stack's. */
  readonly cluster: string;
  /** Instead of the blueprint's own target. */
  readonly target?: TargetKind | undefined;
}

/** Compiles a blueprint for a target. Pure: no clock, no environment, no I/O. */
export function compile(blueprint: Blueprint, options: CompileOptions): Plan {
  const { metadata, cluster, digest } = blueprint;
  return {
    version: 1,
    cluster: options.cluster,
    blueprint: { id: metadata.id, name: metadata.name, version: metadata.version, digest },
    target: { ...cluster.target, kind: options.target ?? cluster.target.kind },
    bounds: {
      agents: blueprint.agents.map(({ key, count }) => ({ key, min: count.min, max: count.max })),
      minWorkers: cluster.minWorkers,
      maxWorkers: cluster.maxWorkers,
    },
    agents: blueprint.agents.map((agent) => compileAgent(agent, options.cluster)),
  };
}

function compileAgent(agent: Agent, cluster: string): AgentPlan {
  return {
    key: agent.key,
    resource: resourceName([cluster, agent.key]),
    role: agent.role,
    name: agent.name,
    parent: agent.reportsTo,
    capabilities: agent.capabilities,
    command: agent.command,
    env: agent.env,
    stopTimeoutMs: agent.drainMs,
  };
}
