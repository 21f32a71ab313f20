import { findGpu, gpuNames } from "../../catalog/gpus.ts";
import { targets } from "../../targets/targets.ts";
import { didYouMean } from "../diagnostics/did-you-mean.ts";
import type { Maybe, PoolDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import type { Path } from "../source/tree.ts";
import type { Numbered, RuleContext } from "./context.ts";
import { demandOn } from "./gpu-demand.ts";

/** Pools of GPUs that there are, cut as they can be cut, large enough, and used. */
export function checkGpuPools(context: RuleContext): void {
  const taken = new Map<string, Path>();
  for (const pool of context.pools) {
    const { name } = pool.draft;
    const first = known(name) ? taken.get(name) : undefined;
    if (first !== undefined && known(name)) {
      context.report("SW347", context.value([...pool.path, "name"]), { name, line: context.line([...first, "name"]) });
    } else if (known(name)) taken.set(name, pool.path);
    checkKind(pool, context);
    checkSpot(pool, context);
    checkOnTarget(pool, context);
    if (first === undefined) checkSize(pool, context);
  }
}

function checkKind({ draft, path }: Numbered<PoolDraft>, { report, value }: RuleContext): void {
  if (!known(draft.gpu)) return;
  const gpu = findGpu(draft.gpu);
  if (gpu === undefined) {
    reportUnknownGpu(draft.gpu, [...path, "gpu"], { report, value });
    return;
  }
  if (!known(draft.mig_profile) || Object.hasOwn(gpu.migProfiles, draft.mig_profile)) return;
  const profiles = Object.keys(gpu.migProfiles);
  const suggestion = didYouMean(draft.mig_profile, profiles);
  report(
    "SW342",
    value([...path, "mig_profile"]),
    { profile: draft.mig_profile, gpu: draft.gpu, profiles },
    { suggestion },
  );
}

function checkSpot({ draft, path }: Numbered<PoolDraft>, { report, value }: RuleContext): void {
  const { spot, nodes } = draft;
  if (!known(spot)) return;
  const { base_on_demand: base } = spot;
  if (known(base) && known(nodes) && base > nodes.max) {
    report("SW348", value([...path, "spot", "base_on_demand"]), { base, max: nodes.max });
  }
  for (const [index, gpu] of (known(spot.fallback) ? spot.fallback : []).entries()) {
    const at = [...path, "spot", "fallback", index];
    if (!known(gpu)) continue;
    if (findGpu(gpu) === undefined) reportUnknownGpu(gpu, at, { report, value });
    else if (gpu === draft.gpu) report("SW350", value(at), { gpu }, { fix: "remove it" });
  }
}

function reportUnknownGpu(gpu: string, path: Path, { report, value }: Pick<RuleContext, "report" | "value">): void {
  const suggestion = didYouMean(gpu, gpuNames) ?? gpuNames.find((name) => name === `nvidia-${gpu.toLowerCase()}`);
  const fix = suggestion === undefined ? `the catalog has ${gpuNames.join(", ")}` : undefined;
  report("SW343", value(path), { gpu }, { suggestion, fix });
}

function checkOnTarget({ draft, path }: Numbered<PoolDraft>, { target, report, key, value }: RuleContext): void {
  // Where no GPU is assigned at all, the agents' requests are what is wrong.
  const gpus = target === undefined ? undefined : targets[target].gpus;
  if (target === undefined || gpus === undefined) return;
  if (!gpus.nodePools && draft.spot !== undefined) report("SW423", key([...path, "spot"]), { target });
  if (!gpus.nodePools && known(draft.mig_profile)) report("SW424", value([...path, "mig_profile"]), { target });
  const { instances } = gpus;
  if (instances === undefined) return;
  const perNode = draft.gpus_per_node ?? 1;
  if (!known(perNode)) return;
  const spot = known(draft.spot) && known(draft.spot.fallback) ? draft.spot.fallback : [];
  const kinds: { readonly gpu: Maybe<string>; readonly at: Path }[] = [
    { gpu: draft.gpu, at: [...path, draft.gpus_per_node === undefined ? "gpu" : "gpus_per_node"] },
  ];
  for (const [index, gpu] of spot.entries()) kinds.push({ gpu, at: [...path, "spot", "fallback", index] });
  for (const { gpu, at } of kinds) {
    if (!known(gpu) || findGpu(gpu) === undefined || instances.withGpus(gpu, perNode).length > 0) continue;
    report("SW422", value(at), { gpu, perNode, available: instances.gpuCounts(gpu) });
  }
}

function checkSize(pool: Numbered<PoolDraft>, context: RuleContext): void {
  const { name, nodes } = pool.draft;
  if (!known(name)) return;
  const demand = demandOn(pool, context);
  if (demand === undefined) return;
  const { report, value } = context;
  if (demand.max === 0 && !context.agents.some(({ draft }) => usesPool(draft, name))) {
    report("SW352", value([...pool.path, "name"]), { pool: name }, { severity: "warning" });
  }
  const each = unitsPerNode(pool.draft);
  if (each === undefined || !known(nodes)) return;
  const values = { pool: name, has: each.units * nodes.max, what: each.what };
  const location = value([...pool.path, "nodes"]);
  if (demand.min > values.has) report("SW344", location, { ...values, wanted: demand.min });
  else if (demand.max > values.has)
    report("SW351", location, { ...values, wanted: demand.max }, { severity: "warning" });
}

function usesPool({ resources }: { readonly resources: unknown }, name: string): boolean {
  return typeof resources === "object" && resources !== null && "gpu_pool" in resources && resources.gpu_pool === name;
}

/** GPUs, or slices of the pool's profile, on one node. */
export function unitsPerNode(pool: PoolDraft): { readonly units: number; readonly what: string } | undefined {
  const perNode = pool.gpus_per_node ?? 1;
  if (!known(perNode)) return undefined;
  if (pool.mig_profile === undefined) return { units: perNode, what: "GPUs" };
  if (!known(pool.mig_profile) || !known(pool.gpu)) return undefined;
  const slices = findGpu(pool.gpu)?.migProfiles[pool.mig_profile];
  return slices === undefined ? undefined : { units: perNode * slices, what: `slices of ${pool.mig_profile}` };
}
