import type { ReplicaRange } from "../model.ts";
import type { AgentDraft, Maybe, PoolDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import type { Path } from "../source/tree.ts";
import type { Numbered, RuleContext } from "./context.ts";

/** A value with the place that it comes from: the agent's own, or the defaults. */
export interface Sourced<T> {
  readonly value: Maybe<T>;
  readonly path: Path;
}

export interface GpuSettings {
  readonly gpu: Sourced<number>;
  readonly pool: Sourced<string>;
  readonly profile: Sourced<string>;
}

/** What an agent asks for; undefined where its resources, or the defaults, could not be read. */
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

/** What all agents of a pool ask for together, in GPUs or slices; undefined where a part could not be read. */
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
    // A pool that is not there, or not named, is an error of its own; this one may be meant.
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
