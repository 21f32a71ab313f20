import { defaultTarget, isTargetKind } from "../targets/kinds.ts";
import { assembleAgents } from "./assemble-agents.ts";
import { assembleScaling } from "./assemble-scaling.ts";
import { digestOf } from "./digest.ts";
import type {
  Blueprint,
  ClusterSection,
  GpuPool,
  Hibernation,
  Network,
  ReplicaRange,
  Shared,
  Target,
  TargetKind,
} from "./model.ts";
import { read, readAll } from "./read.ts";
import type { BlueprintDraft, ClusterDraft, PoolDraft } from "./schema/blueprint.ts";

/**
 * Fills in the defaults of a draft without errors. The digest is of the blueprint as it is in the file; a target that is
 * chosen elsewhere does not change it.
 */
export function assemble(draft: BlueprintDraft, target: TargetKind | undefined): Blueprint {
  const cluster = read(draft.cluster);
  const gpuPools = readAll(read(draft.gpu_pools) ?? []).map(assemblePool);
  const agents = assembleAgents(draft, gpuPools);
  const { id, name, version } = read(draft.metadata);
  const content = {
    metadata: { id: read(id), name: read(name), version: read(version) },
    cluster: assembleCluster(cluster, sumOf(agents.map((agent) => agent.count))),
    secrets: Object.fromEntries(Object.entries(read(draft.secrets) ?? {}).map(([key, value]) => [key, read(value)])),
    gpuPools,
    agents,
  };
  const digest = digestOf(content);
  return { ...content, cluster: { ...content.cluster, target: retarget(content.cluster.target, target) }, digest };
}

/** Settings of the file's target are not for another kind; only Redis is for all. */
function retarget(written: Target, kind: TargetKind | undefined): Target {
  if (kind === undefined || kind === written.kind) return written;
  const none = undefined;
  return { kind, context: none, namespace: none, region: none, profile: none, redis: written.redis };
}

function sumOf(ranges: readonly ReplicaRange[]): ReplicaRange {
  return ranges.reduce((sum, range) => ({ min: sum.min + range.min, max: sum.max + range.max }), { min: 0, max: 0 });
}

function assembleCluster(draft: ClusterDraft, sum: ReplicaRange): ClusterSection {
  const min = read(draft.min_workers);
  const max = read(draft.max_workers);
  const budget = read(draft.budget);
  const scaling = read(draft.scaling);
  return {
    type: read(draft.type),
    ttlMs: read(draft.ttl),
    minWorkers: min ?? Math.min(sum.min, max ?? sum.min),
    maxWorkers: max ?? Math.max(sum.max, min ?? sum.max),
    target: assembleTarget(draft),
    scaling: scaling === undefined ? undefined : assembleScaling(scaling, undefined),
    hibernation: assembleHibernation(draft),
    budget: { maxHourlyUsd: read(budget?.max_hourly_usd), maxMonthlyUsd: read(budget?.max_monthly_usd) },
    shared: assembleShared(draft),
    network: assembleNetwork(draft),
  };
}

function assembleTarget(draft: ClusterDraft): Target {
  const target = read(draft.target);
  const kind = target === undefined ? defaultTarget : read(target.kind);
  if (!isTargetKind(kind)) throw new Error("a blueprint with errors was assembled");
  return {
    kind,
    context: read(target?.context),
    namespace: read(target?.namespace),
    region: read(target?.region),
    profile: read(target?.profile),
    redis: read(target?.redis),
  };
}

function assembleHibernation(draft: ClusterDraft): Hibernation {
  const hibernation = read(draft.hibernation);
  return {
    enabled: hibernation !== undefined && (read(hibernation.enabled) ?? true),
    idleTimeoutMs: read(hibernation?.idle_timeout),
    sleep: read(hibernation?.sleep),
    wake: read(hibernation?.wake),
    timeZone: read(hibernation?.time_zone) ?? "UTC",
  };
}

function assembleShared(draft: ClusterDraft): Shared {
  const shared = read(draft.shared);
  const knowledge = readAll(read(shared?.knowledge) ?? []);
  return {
    memory: read(shared?.memory) ?? false,
    volumeBytes: read(shared?.volume),
    knowledge: knowledge.map(({ name, path }) => ({ name: read(name), path: read(path) })),
  };
}

function assembleNetwork(draft: ClusterDraft): Network {
  const network = read(draft.network);
  const egress = read(network?.egress);
  return {
    provider: read(network?.provider) ?? "standard",
    enforce: read(network?.enforce) ?? true,
    egress: egress === undefined ? undefined : readAll(egress),
  };
}

function assemblePool(draft: PoolDraft): GpuPool {
  const spot = read(draft.spot);
  return {
    name: read(draft.name),
    gpu: read(draft.gpu),
    gpusPerNode: read(draft.gpus_per_node) ?? 1,
    nodes: read(draft.nodes),
    migProfile: read(draft.mig_profile),
    spot:
      spot === undefined
        ? undefined
        : { baseOnDemand: read(spot.base_on_demand) ?? 0, fallback: readAll(read(spot.fallback) ?? []) },
  };
}
