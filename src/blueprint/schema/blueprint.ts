import { object } from "../shape/object.ts";
import type { Invalid, Shape } from "../shape/shape.ts";
import { optional, required } from "../shape/shape.ts";
import { type agent, agents, defaults } from "./agents.ts";
import { cluster } from "./cluster.ts";
import { type gpuPool, gpuPools } from "./gpu-pools.ts";
import { metadata } from "./metadata.ts";
import type { scaling } from "./scaling.ts";
import { secrets } from "./secrets.ts";

/** The whole format: parsing, explanations, editor completion and checks derive from it. */
export const blueprintShape = object(
  {
    metadata: required(metadata, "Name and version of the blueprint."),
    cluster: required(cluster, "Settings of the cluster."),
    defaults: optional(defaults, "Defaults of all agents."),
    secrets: optional(secrets, "Sources of secrets, by name."),
    gpu_pools: optional(gpuPools, "Nodes with GPUs."),
    agents: required(agents, "The agents."),
  },
  { name: "the blueprint", free: "x-" },
);

type DraftOf<S> = S extends Shape<infer T> ? T : never;

/** A parsed blueprint; invalid values are `invalid`, and rules skip them. */
export type BlueprintDraft = DraftOf<typeof blueprintShape>;
export type ClusterDraft = DraftOf<typeof cluster>;
export type AgentDraft = DraftOf<typeof agent>;
export type PoolDraft = DraftOf<typeof gpuPool>;
export type ScalingDraft = DraftOf<typeof scaling>;
export type Maybe<T> = T | Invalid | undefined;
