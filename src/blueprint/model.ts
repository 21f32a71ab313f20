import { type TargetKind, targetKinds } from "../targets/kinds.ts";

/**
 * A parsed blueprint: defaults applied, ranges and durations parsed, references resolved to agent keys. Plain data,
 * JSON-safe; positions are kept separately (see `parseBlueprint`).
 */

export const roles = ["supervisor", "lead", "specialist", "worker"] as const;
export type Role = (typeof roles)[number];

export { type TargetKind, targetKinds };

export const clusterTypes = ["department", "project", "temporary", "persistent", "standard"] as const;
export type ClusterType = (typeof clusterTypes)[number];

export const scalingOwners = ["swarmstack", "hpa", "keda"] as const;
export type ScalingOwner = (typeof scalingOwners)[number];

/** "advise": decisions are shown and recorded, and not applied. */
export const scalingModes = ["act", "advise"] as const;
export type ScalingMode = (typeof scalingModes)[number];

export const scalingMetrics = [
  "task_queue_length",
  "load_percentage",
  "avg_response_time",
  "idle_agents",
  "expression",
] as const;
export type ScalingMetric = (typeof scalingMetrics)[number];

export interface Blueprint {
  readonly metadata: { readonly id: string; readonly name: string; readonly version: string };
  readonly cluster: ClusterSection;
  /** By secret name. */
  readonly secrets: Readonly<Record<string, SecretReference>>;
  readonly gpuPools: readonly GpuPool[];
  /** In file order. */
  readonly agents: readonly Agent[];
  /** SHA-256 of the blueprint's canonical JSON (not of its text): comments and key order do not change it. */
  readonly digest: string;
}

export interface ReplicaRange {
  readonly min: number;
  readonly max: number;
}

export interface Agent {
  /** Identity inside the blueprint: the slug of the name, unique in the file, e.g. "content-creator". */
  readonly key: string;
  readonly role: Role;
  readonly name: string;
  /** `count: 3` is {min: 3, max: 3}. */
  readonly count: ReplicaRange;
  readonly capabilities: readonly string[];
  /** Key of the agent it reports to; undefined for the root. */
  readonly reportsTo: string | undefined;
  readonly model: string | undefined;
  /** Passed to the agent unchanged. */
  readonly config: Readonly<Record<string, unknown>>;
  readonly labels: Readonly<Record<string, string>>;
  readonly timeoutMs: number | undefined;
  readonly image: Image | undefined;
  readonly command: readonly string[] | undefined;
  readonly env: Readonly<Record<string, string>>;
  readonly resources: Resources;
  /** Names of entries of the blueprint's `secrets`. */
  readonly secrets: readonly string[];
  readonly queue: { readonly stream: string; readonly group: string } | undefined;
  readonly scaling: Scaling | undefined;
  readonly state: { readonly sizeBytes: number; readonly path: string } | undefined;
  readonly scaleIn: "any" | "last";
  /** Undefined: the default of the runtime, 5 seconds. */
  readonly startPeriodMs: number | undefined;
  readonly drainMs: number;
  readonly onPartition: "safe" | "fast" | "hold";
}

export type Image =
  | { readonly kind: "name"; readonly name: string }
  /** Folder with a Dockerfile, relative to the blueprint. */
  | { readonly kind: "build"; readonly folder: string };

export interface Resources {
  readonly cpuMillis: number | undefined;
  readonly memoryBytes: number | undefined;
  /** Whole GPUs, or MIG slices with `gpuProfile`. */
  readonly gpu: number;
  readonly gpuPool: string | undefined;
  /** MIG profile, e.g. "1g.10gb". */
  readonly gpuProfile: string | undefined;
}

export interface ClusterSection {
  readonly type: ClusterType;
  readonly ttlMs: number | undefined;
  readonly minWorkers: number;
  readonly maxWorkers: number;
  readonly target: Target;
  readonly scaling: Scaling | undefined;
  readonly hibernation: Hibernation;
  readonly budget: { readonly maxHourlyUsd: number | undefined; readonly maxMonthlyUsd: number | undefined };
  readonly shared: Shared;
  readonly network: Network;
}

export interface Target {
  readonly kind: TargetKind;
  readonly context: string | undefined;
  readonly namespace: string | undefined;
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly redis: string | undefined;
}

export interface Signal {
  readonly metric: ScalingMetric;
  /** For `expression`: the query. */
  readonly expression: string | undefined;
  readonly scaleUpThreshold: number;
  readonly scaleDownThreshold: number;
}

export interface Scaling {
  readonly owner: ScalingOwner;
  readonly cooldownMs: number;
  /** Keys that only our autoscaler reads; it has the defaults (src/scaling/decide/config-of.ts). */
  readonly windowMs?: number | undefined;
  readonly tolerance?: number | undefined;
  readonly maxStep?: number | undefined;
  readonly panic?: number | undefined;
  readonly failForMs?: number | undefined;
  readonly fallback?: number | undefined;
  readonly mode?: ScalingMode | undefined;
  /** At least one. The shorthand keys of the original form the first. */
  readonly signals: readonly Signal[];
}

export interface Hibernation {
  readonly enabled: boolean;
  readonly idleTimeoutMs: number | undefined;
  /** Cron expressions, in `timeZone`. */
  readonly sleep: string | undefined;
  readonly wake: string | undefined;
  readonly timeZone: string;
}

export interface Shared {
  readonly memory: boolean;
  readonly volumeBytes: number | undefined;
  readonly knowledge: readonly { readonly name: string; readonly path: string }[];
}

export interface Network {
  readonly provider: "standard" | "cilium";
  readonly enforce: boolean;
  /** Undefined: unrestricted. */
  readonly egress: readonly EgressRule[] | undefined;
}

export type EgressRule =
  | { readonly kind: "cidr"; readonly cidr: string; readonly port: number | undefined }
  | { readonly kind: "host"; readonly host: string; readonly port: number };

/** Source of a secret's value. A blueprint never contains the value. */
export type SecretReference =
  | { readonly kind: "env"; readonly variable: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "config"; readonly key: string }
  | { readonly kind: "kubernetes"; readonly secret: string; readonly key: string };

export interface GpuPool {
  readonly name: string;
  /** A row of the GPU catalog, e.g. "nvidia-h100". */
  readonly gpu: string;
  readonly gpusPerNode: number;
  readonly nodes: ReplicaRange;
  readonly migProfile: string | undefined;
  readonly spot: { readonly baseOnDemand: number; readonly fallback: readonly string[] } | undefined;
}
