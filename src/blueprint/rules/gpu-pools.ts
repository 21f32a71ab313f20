import { awsGpuCounts, awsInstancesFor } from "../../catalog/aws-instances.ts";
import { gpuInstanceTypes } from "../../catalog/gpu-nodes.ts";
import { findGpu, gpuNames } from "../../catalog/gpus.ts";
import { didYouMean } from "../../platform/did-you-mean.ts";
import type { GpuSupport } from "../../targets/descriptor.ts";
import { targets } from "../../targets/targets.ts";
import type { Maybe, PoolDraft } from "../schema/blueprint.ts";
import { known } from "../shape/shape.ts";
import type { Path } from "../source/tree.ts";
import type { Numbered, RuleContext } from "./context.ts";
import { demandOn, usersOf } from "./gpu-demand.ts";

/** Checks that GPU pools exist in the catalog, have valid MIG profiles, are large enough, and are used. */
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
    reportUnknownGpu(draft.gpu, gpuNames, [...path, "gpu"], { report, value });
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

/** A GPU to fall back on is cut into the slices of the pool, too. */
function checkProfile(
  gpu: string,
  profile: string,
  path: Path,
  { report, value }: Pick<RuleContext, "report" | "value">,
): void {
  const profiles = Object.keys(findGpu(gpu)?.migProfiles ?? {});
  if (!profiles.includes(profile)) report("SW342", value(path), { profile, gpu, profiles }, { fix: "remove it" });
}

function checkSpot({ draft, path }: Numbered<PoolDraft>, { report, value }: RuleContext): void {
  const { spot, nodes } = draft;
  if (!known(spot)) return;
  const { base_on_demand: base } = spot;
  if (known(base) && known(nodes) && base > nodes.max) {
    report("SW348", value([...path, "spot", "base_on_demand"]), { base, max: nodes.max });
  }
  const perNode = known(draft.gpus_per_node) ? draft.gpus_per_node : 1;
  for (const [index, gpu] of (known(spot.fallback) ? spot.fallback : []).entries()) {
    const at = [...path, "spot", "fallback", index];
    if (!known(gpu)) continue;
    if (findGpu(gpu) === undefined) {
      const others = gpuNames.filter((name) => name !== draft.gpu && awsInstancesFor(name, perNode).length > 0);
      reportUnknownGpu(gpu, others, at, { report, value });
    } else if (gpu === draft.gpu) report("SW350", value(at), { gpu }, { fix: "remove it" });
    else if (known(draft.mig_profile)) checkProfile(gpu, draft.mig_profile, at, { report, value });
  }
}

function reportUnknownGpu(
  gpu: string,
  names: readonly string[],
  path: Path,
  { report, value }: Pick<RuleContext, "report" | "value">,
): void {
  const suggestion = didYouMean(gpu, names) ?? names.find((name) => name === `nvidia-${gpu.toLowerCase()}`);
  const fix = suggestion === undefined ? `the catalog has ${gpuNames.join(", ")}` : undefined;
  report("SW343", value(path), { gpu }, { suggestion, fix });
}

function checkOnTarget(pool: Numbered<PoolDraft>, context: RuleContext): void {
  const { draft, path } = pool;
  const { target, report, key, value } = context;
  if (target === undefined) return;
  const { gpus } = targets[target];
  if (gpus === undefined) {
    // Requests of agents are reported at the agents.
    if (demandOn(pool, context)?.max === 0) report("SW421", value([...path, "gpu"]), { target }, { fix: "remove it" });
    return;
  }
  if (!gpus.nodePools && draft.spot !== undefined) report("SW423", key([...path, "spot"]), { target });
  if (!gpus.nodePools && known(draft.mig_profile)) report("SW424", value([...path, "mig_profile"]), { target });
  if (gpus.nodePools) checkProvisioning(pool, gpus, context);
}

/** Checks that nodes of the pool can be bought, where they are. */
function checkProvisioning(pool: Numbered<PoolDraft>, gpus: GpuSupport, context: RuleContext): void {
  const { draft, path } = pool;
  const { report, key, value } = context;
  const { nodes, mig_profile: mig, spot } = draft;
  if (!known(nodes)) return;
  const request = { spot: spot !== undefined, mig: mig !== undefined, minNodes: nodes.min, compute: "auto" as const };
  const provisioning = gpus.provision(request);
  if (typeof provisioning !== "string") {
    report("SW425", key([...path, "spot"]), { reason: provisioning.reason }, { fix: provisioning.hint });
    return;
  }
  const perNode = draft.gpus_per_node ?? 1;
  if (provisioning === "labelled" || !known(perNode)) return;
  const users = usersOf(pool, context) ?? [];
  const kinds: { readonly gpu: Maybe<string>; readonly at: Path }[] = [
    { gpu: draft.gpu, at: [...path, draft.gpus_per_node === undefined ? "gpu" : "gpus_per_node"] },
  ];
  const fallback = known(spot) && known(spot.fallback) ? spot.fallback : [];
  for (const [index, gpu] of fallback.entries()) kinds.push({ gpu, at: [...path, "spot", "fallback", index] });
  for (const { gpu, at } of kinds) {
    if (!known(gpu) || findGpu(gpu) === undefined) continue;
    if (awsInstancesFor(gpu, perNode).length === 0) {
      report("SW422", value(at), { gpu, perNode, available: awsGpuCounts(gpu) });
    } else if (gpuInstanceTypes(gpu, perNode, perNode, users).length === 0) {
      report("SW427", value(at), { gpu, perNode }, { fix: "lower the CPU or memory of the agents that use the pool" });
    }
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
  const { target } = context;
  if (target !== undefined && targets[target].gpus?.assigned === "devices") {
    // Each instance that may run has GPUs of its own.
    if (demand.max > each.units) {
      const host = { pool: name, wanted: demand.max, has: each.units };
      report("SW426", value([...pool.path, "name"]), host, { fix: "lower the counts, or raise gpus_per_node" });
    }
    return;
  }
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
