import { targets } from "../../targets/targets.ts";
import type { AgentDraft, PoolDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import type { Numbered, RuleContext } from "./context.ts";
import { type GpuSettings, gpuSettings } from "./gpu-demand.ts";
import { unitsPerNode } from "./gpu-pools.ts";

/** Checks that a node of the pool can satisfy each request. */
export function checkGpuRequests(context: RuleContext): void {
  for (const agent of context.agents) {
    const settings = gpuSettings(agent, context);
    if (settings !== undefined) checkRequest(agent, settings, context);
  }
}

function checkRequest(agent: Numbered<AgentDraft>, settings: GpuSettings, context: RuleContext): void {
  const gpu = settings.gpu.value ?? 0;
  if (!known(gpu)) return;
  if (gpu === 0) {
    checkIdleSettings(agent, context);
    return;
  }
  const { target, report, value } = context;
  if (target !== undefined && !targets[target].gpus) {
    report("SW421", value(settings.gpu.path), { target }, { fix: "choose another target" });
    return;
  }
  const pool = findPool(settings, context);
  if (pool !== undefined) checkFit(gpu, settings, pool, context);
}

/** An agent's own gpu_pool and gpu_profile need a GPU request; those of the defaults may be for other agents. */
function checkIdleSettings(agent: Numbered<AgentDraft>, { report, key }: RuleContext): void {
  const { resources } = agent.draft;
  if (!known(resources)) return;
  for (const name of ["gpu_pool", "gpu_profile"] as const) {
    if (resources[name] !== undefined)
      report("SW346", key([...agent.path, "resources", name]), { key: name }, { fix: "add gpu: 1" });
  }
}

function findPool(settings: GpuSettings, context: RuleContext): Numbered<PoolDraft> | undefined {
  const { pools, poolsComplete, report, value, suggest } = context;
  const wanted = settings.pool.value;
  if (wanted === undefined) {
    const names = pools.flatMap(({ draft }) => (known(draft.name) ? [draft.name] : []));
    if (pools.length === 0 && poolsComplete) {
      report(
        "SW353",
        value(settings.gpu.path),
        {},
        { fix: "add gpu_pools: [{ name: a, gpu: nvidia-t4, nodes: 0-1 }]" },
      );
    }
    if (pools.length > 1 && poolsComplete)
      report("SW345", value(settings.gpu.path), { pools: names }, { fix: "add gpu_pool" });
    return pools.length === 1 && poolsComplete ? pools[0] : undefined;
  }
  if (!known(wanted)) return undefined;
  const pool = pools.find(({ draft }) => draft.name === wanted);
  const complete = poolsComplete && pools.every(({ draft }) => known(draft.name));
  if (pool === undefined && complete) {
    const names = pools.map(({ draft }) => String(draft.name));
    const suggestion = suggest(wanted, () => names);
    const fix =
      suggestion !== undefined
        ? undefined
        : names.length === 0
          ? "add it to gpu_pools"
          : `pools here: ${names.slice(0, 8).join(", ")}`;
    report("SW340", value(settings.pool.path), { pool: wanted }, { suggestion, fix });
  }
  return pool;
}

function checkFit(
  gpu: number,
  settings: GpuSettings,
  { draft }: Numbered<PoolDraft>,
  { report, value }: RuleContext,
): void {
  const pool = String(draft.name);
  const profile = settings.profile.value;
  const cut = draft.mig_profile;
  if ((profile !== undefined && !known(profile)) || (cut !== undefined && !known(cut))) return;
  if (profile !== undefined && profile !== cut) {
    report("SW349", value(settings.profile.path), { pool, cut, wanted: profile }, { suggestion: cut });
    return;
  }
  const each = unitsPerNode(draft);
  if (each === undefined || gpu <= each.units) return;
  report("SW341", value(settings.gpu.path), { wanted: gpu, has: each.units, pool, what: each.what });
}
