import type { ClusterType, Role, ScalingMetric, ScalingMode, ScalingOwner, TargetKind } from "./model.ts";

/**
 * A blueprint as an object in a program: the same keys and notations as the YAML file. Durations, sizes and ranges
 * are text, as in the file. `npm run check` compares the keys with those of the parser.
 */
export interface BlueprintDocument {
  readonly metadata: MetadataDocument;
  readonly cluster: ClusterDocument;
  /** Defaults of all agents. */
  readonly defaults?: DefaultsDocument;
  /** Sources of secrets, by name. */
  readonly secrets?: Readonly<Record<string, SecretDocument>>;
  readonly gpu_pools?: readonly GpuPoolDocument[];
  readonly agents: readonly AgentDocument[];
  /** Own keys are ignored. */
  readonly [own: `x-${string}`]: unknown;
}

/** A duration such as "30 seconds" or "7 days". */
export type DurationText = string;
/** A size such as "512Mi" or "10Gi". */
export type SizeText = string;
/** A count (3), or a range for scaling ("0-5"). */
export type CountOrRange = number | string;

/** Name and version of the blueprint. */
export interface MetadataDocument {
  /** Identity of the blueprint: a-z, 0-9 and dashes, at most 63 characters. */
  readonly id: string;
  readonly name: string;
  /** Semantic version. */
  readonly version: string;
}

/** Settings of the cluster. */
export interface ClusterDocument {
  readonly type: ClusterType;
  /** Ignored inside a Pulumi program, which controls the end of the cluster. */
  readonly ttl?: DurationText;
  readonly min_workers?: number;
  readonly max_workers?: number;
  /** A target, or a target with its settings; default: local. */
  readonly target?: TargetKind | TargetDocument;
  readonly scaling?: ScalingDocument;
  /** Ignored inside a Pulumi program. */
  readonly hibernation?: HibernationDocument;
  readonly budget?: BudgetDocument;
  readonly shared?: SharedDocument;
  readonly network?: NetworkDocument;
}

export interface TargetDocument {
  readonly kind: TargetKind;
  /** Context of the kubeconfig, or of docker. */
  readonly context?: string;
  readonly namespace?: string;
  readonly region?: string;
  readonly profile?: string;
  readonly redis?: string;
}

export interface HibernationDocument {
  readonly enabled?: boolean;
  readonly idle_timeout?: DurationText;
  /** A cron expression. */
  readonly sleep?: string;
  /** A cron expression. */
  readonly wake?: string;
  readonly time_zone?: string;
}

export interface BudgetDocument {
  readonly max_hourly_usd?: number;
  readonly max_monthly_usd?: number;
}

export interface SharedDocument {
  readonly memory?: boolean;
  readonly volume?: SizeText;
  readonly knowledge?: readonly KnowledgeDocument[];
}

/** A bundle of files that all agents can read. */
export interface KnowledgeDocument {
  readonly name: string;
  /** File or folder, relative to the blueprint. */
  readonly path: string;
}

export interface NetworkDocument {
  readonly provider?: "standard" | "cilium";
  readonly enforce?: boolean;
  /** Rules such as "10.0.0.0/8:5432" or "api.openai.com:443". */
  readonly egress?: readonly string[];
}

export interface DefaultsDocument {
  readonly image?: ImageDocument;
  readonly env?: Readonly<Record<string, string>>;
  readonly resources?: ResourcesDocument;
}

/** The name of an image, or the folder of its Dockerfile, relative to the blueprint. */
export type ImageDocument = string | { readonly build: string };

/** Exactly one key: the source of a secret's value. A blueprint never contains the value. */
export type SecretDocument =
  | { readonly env: string }
  | { readonly file: string }
  | { readonly config: string }
  | { readonly kubernetes: string };

export interface GpuPoolDocument {
  readonly name: string;
  /** Row of the GPU catalog, such as "nvidia-h100". */
  readonly gpu: string;
  readonly gpus_per_node?: number;
  readonly nodes: CountOrRange;
  readonly mig_profile?: string;
  readonly spot?: { readonly base_on_demand?: number; readonly fallback?: readonly string[] };
}

export interface AgentDocument {
  readonly role: Role;
  /** Unique in the blueprint. */
  readonly name: string;
  readonly count?: CountOrRange;
  readonly capabilities?: readonly string[];
  /** A role, or an agent's name. Required except for the root. */
  readonly reports_to?: string;
  readonly model?: string;
  /** Passed to the agent unchanged. */
  readonly config?: Readonly<Record<string, unknown>>;
  readonly labels?: Readonly<Record<string, string>>;
  readonly timeout?: DurationText;
  readonly image?: ImageDocument;
  readonly command?: readonly string[];
  /** Environment variables. No secrets. */
  readonly env?: Readonly<Record<string, string>>;
  readonly resources?: ResourcesDocument;
  /** Names of secrets; the agent receives each as an environment variable. */
  readonly secrets?: readonly string[];
  readonly queue?: { readonly stream: string; readonly group?: string };
  readonly scaling?: ScalingDocument;
  readonly state?: { readonly size: SizeText; readonly path: string };
  readonly scale_in?: "any" | "last";
  /** An instance that runs so long without an exit has started, as has one that registers. */
  readonly start_period?: DurationText;
  readonly drain?: DurationText;
  readonly on_partition?: "safe" | "fast" | "hold";
}

export interface ResourcesDocument {
  /** Cores (2), or thousandths ("500m"). */
  readonly cpu?: number | string;
  readonly memory?: SizeText;
  readonly gpu?: number;
  readonly gpu_pool?: string;
  readonly gpu_profile?: string;
}

export interface ScalingDocument {
  readonly metric?: ScalingMetric;
  readonly expression?: string;
  readonly scale_up_threshold?: number | string;
  readonly scale_down_threshold?: number | string;
  readonly cooldown?: DurationText;
  readonly window?: DurationText;
  /** A share from 0 to 1. */
  readonly tolerance?: number;
  readonly max_step?: number;
  readonly panic?: number;
  readonly fail_for?: DurationText;
  readonly fallback?: number;
  readonly mode?: ScalingMode;
  readonly owner?: ScalingOwner;
  readonly signals?: readonly SignalDocument[];
}

export interface SignalDocument {
  readonly metric: ScalingMetric;
  readonly expression?: string;
  readonly target?: number | string;
  readonly scale_up_threshold?: number | string;
  readonly scale_down_threshold?: number | string;
}
