import type { NodeUser } from "../../catalog/gpu-nodes.ts";
import type { ReplicaRange } from "../model.ts";
import type { AgentDraft, Maybe, PoolDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import type { Path } from "../source/tree.ts";
import type { Numbered, RuleContext } from "./context.ts";

/** A value with its source: the agent or the defaults. */
export interface Sourced<T> {
  readonly value: Maybe<T>;
  readonly path: Path;
}

export interface GpuSettings {
  readonly gpu: Sourced<number>;
  readonly pool: Sourced<string>;
  readonly profile: Sourced<string>;
}

/** GPU settings of an agent; undefined if its resources, or the defaults, are invalid. */
export function gpuSettings(agent: Numbered<AgentDraft>, { draft }: RuleContext): GpuSettings | undefined {
  if (draft.defaults !== undefined && !known(draft.defaults)) return undefined;
  const own = agent.draft.resources;
  const common = draft.defaults?.resources;
  if ((own !== undefined && !known(own)) || (common !== undefined && !known(common))) return undefined;
  const pick = <K extends "gpu" | "gpu_pool" | "gpu_profile">(key: K) =>
    own?.[key] === undefined && common?.[key] !== undefined
      ? { value: common[key], path: ["defaults", "resources", key] }
      : { value: own?.[key], path: [...agent.path, "resources", key] };
  return { gpu: pick("gpu"), pool: pick("gpu_pool"), profile: pick("gpu_profile") };
}

/**
 * What each agent that takes GPUs of a pool requests of a node; values that are invalid count as missing. Undefined if a pool of
 * an agent is not known.
 */
export function usersOf(pool: Numbered<PoolDraft>, context: RuleContext): readonly NodeUser[] | undefined {
  if (demandOn(pool, context) === undefined) return undefined;
  const common = known(context.draft.defaults) ? context.draft.defaults.resources : undefined;
  return context.agents.flatMap((agent) => {
    const settings = gpuSettings(agent, context);
    const gpu = settings?.gpu.value;
    if (settings === undefined || !known(gpu) || gpu === 0) return [];
    if (settings.pool.value !== undefined && settings.pool.value !== pool.draft.name) return [];
    const own = known(agent.draft.resources) ? agent.draft.resources : undefined;
    const pick = (key: "cpu" | "memory") => {
      const value = own?.[key] ?? (known(common) ? common[key] : undefined);
      return known(value) ? value : undefined;
    };
    return [{ gpu, cpuMillis: pick("cpu"), memoryBytes: pick("memory") }];
  });
}

/** GPUs or slices that all agents of a pool request; undefined if a part is invalid. */
export function demandOn(pool: Numbered<PoolDraft>, context: RuleContext): ReplicaRange | undefined {
  let min = 0;
  let max = 0;
  if (!context.agentsComplete) return undefined;
  for (const agent of context.agents) {
    const settings = gpuSettings(agent, context);
    if (settings === undefined || isUnread(settings.gpu) || isUnread(settings.pool) || isUnread(settings.profile))
      return undefined;
    const { value: gpu = 0 } = settings.gpu;
    if (!known(gpu) || gpu === 0) continue;
    const only = context.pools.length === 1 ? context.pools[0]?.draft.name : undefined;
    const wanted = settings.pool.value ?? only;
    // An unknown or missing pool is reported elsewhere; it may be this one.
    if (!context.pools.some(({ draft }) => draft.name === wanted)) return undefined;
    if (wanted !== pool.draft.name) continue;
    const count = agent.draft.count === undefined ? { min: 1, max: 1 } : agent.draft.count;
    if (!known(count)) return undefined;
    min += gpu * count.min;
    max += gpu * count.max;
  }
  return { min, max };
}

function isUnread({ value }: Sourced<unknown>): boolean {
  return value !== undefined && !known(value);
}
