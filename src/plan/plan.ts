import type {
  ClusterSection,
  EgressRule,
  ReplicaRange,
  Role,
  Scaling,
  SecretReference,
  Signal,
  Target,
} from "../blueprint/model.ts";
import type { Trigger } from "../blueprint/who-scales.ts";
import type { Provisioning } from "../targets/descriptor.ts";
import type { ReplicaLimits } from "./allocate.ts";
import type { BlueprintIdentity } from "./desired-state.ts";
import type { TargetLocation } from "./target-location.ts";

/**
 * What an update makes of a blueprint on one target: plain JSON, the same bytes for the same input.
 * Complete before any target runs: components only translate it. The number of instances of each agent belongs to the
 * desired state, not to the plan.
 */
export interface Plan {
  readonly version: 1;
  readonly cluster: string;
  /** Prefix of the names of all its resources: the cluster's name where that is a valid one. */
  readonly resource: string;
  readonly blueprint: BlueprintIdentity & { readonly name: string };
  readonly target: Target;
  readonly place: TargetLocation;
  readonly platform: Platform;
  readonly bounds: ReplicaLimits;
  /** In file order. */
  readonly agents: readonly AgentPlan[];
  /** In file order. */
  readonly gpuPools: readonly GpuPoolPlan[];
  readonly network: NetworkPlan;
  /** Where the values of secrets are found, by name; only those that an agent uses. */
  readonly secrets: Readonly<Record<string, SecretReference>>;
  readonly shared: ClusterSection["shared"];
  /** For lifecycle operations, which have no resources. */
  readonly lifetime: Pick<ClusterSection, "type" | "ttlMs" | "hibernation">;
  readonly budget: ClusterSection["budget"];
}

export interface AgentPlan {
  readonly key: string;
  /** Name of its resources: starts with the cluster's. */
  readonly resource: string;
  readonly role: Role;
  readonly name: string;
  readonly parent: string | undefined;
  readonly capabilities: readonly string[];
  readonly count: ReplicaRange;
  readonly image: ImagePlan;
  readonly command: readonly string[] | undefined;
  /** Variables of the blueprint, and of the queue; the target adds those that identify an instance. */
  readonly env: Readonly<Record<string, string>>;
  /** Names of entries of the plan's `secrets`; each becomes a variable of that name. */
  readonly secrets: readonly string[];
  /** Text of the JSON file under SWARM_CONFIG. */
  readonly config: string;
  readonly resources: ResourcesPlan;
  readonly state: { readonly sizeBytes: number; readonly path: string } | undefined;
  readonly queue: { readonly stream: string; readonly group: string } | undefined;
  readonly shape: WorkloadShape;
  readonly scaling: ScalingPlan;
  /** See `startupOf` (src/agent-api/health/startup.ts); absent: its default. */
  readonly startPeriodMs?: number;
  /** Time between the request to stop and the kill of an instance: the drain. */
  readonly stopTimeoutMs: number;
}

export interface ImagePlan {
  readonly name: string;
  /** The agent of swarmstack's own image: it answers probes. */
  readonly builtin: boolean;
  /** Folder that the target builds it from, relative to the blueprint; undefined: it is pulled by its name. */
  readonly build?: string;
}

/**
 * How instances are grouped: "stateless" ones are alike; of "ordered" ones the last stops first; each of "single" ones can stop
 * alone, so each is a workload.
 */
export type WorkloadShape = "stateless" | "ordered" | "single";

export interface ResourcesPlan {
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly gpu: GpuRequest | undefined;
}

export interface GpuRequest {
  /** Name of the pool. */
  readonly pool: string;
  /** Extended resource, such as "nvidia.com/gpu" or "nvidia.com/mig-1g.10gb". */
  readonly resource: string;
  readonly count: number;
  /** Docker: device ids by ordinal; no two instances share one. Empty elsewhere. */
  readonly devices: readonly (readonly string[])[];
}

/** What writes the count: nothing (it is fixed), swarmstack, or a controller of Kubernetes. */
export type ScalingPlan =
  | { readonly kind: "fixed" }
  | { readonly kind: "swarmstack"; readonly scaling: Scaling | undefined }
  | {
      readonly kind: "hpa" | "keda";
      readonly cooldownMs: number;
      readonly signals: readonly (Signal & { readonly trigger: Trigger })[];
    };

export interface GpuPoolPlan {
  readonly name: string;
  /** Name of its resources, and value of the label of its nodes. */
  readonly resource: string;
  readonly gpu: string;
  readonly gpusPerNode: number;
  readonly nodes: ReplicaRange;
  readonly migProfile: string | undefined;
  /** GPUs, or slices where there is a MIG profile, of the whole pool at its maximum. */
  readonly capacity: number;
  readonly provisioning: Provisioning;
  /** Values of the node label nvidia.com/gpu.product, the pool's own GPU first, then the fallbacks. */
  readonly products: readonly string[];
  /** How its nodes are bought, in order of preference; empty where they exist already. */
  readonly groups: readonly NodeGroupPlan[];
}

export interface NodeGroupPlan {
  readonly kind: "karpenter" | "managed";
  readonly resource: string;
  readonly gpu: string;
  readonly capacity: "on-demand" | "spot";
  readonly instanceTypes: readonly string[];
  readonly nodes: ReplicaRange;
  /** 1 to 100; a higher one is preferred. */
  readonly weight: number;
}

export interface NetworkPlan {
  readonly provider: "standard" | "cilium";
  /** Undefined: all destinations are allowed. */
  readonly egress: readonly EgressRule[] | undefined;
  /** The forward proxy that enforces the list of host names; undefined where none is needed. */
  readonly proxy: ProxyPlan | undefined;
  readonly redis: RedisPlan | undefined;
}

export interface ProxyPlan {
  readonly resource: string;
  readonly image: string;
  readonly port: number;
  /** Text of its squid.conf. */
  readonly config: string;
}

/** Redis of the queues; without an address in the blueprint it is REDIS_URL in the environment of the program. */
export type RedisPlan =
  | {
      readonly kind: "address";
      readonly url: string;
      readonly host: string;
      readonly port: number;
      readonly tls: boolean;
    }
  | { readonly kind: "env"; readonly variable: "REDIS_URL" };

/** Settings of one target only. */
export type Platform =
  | { readonly kind: "local" }
  | { readonly kind: "docker"; readonly host: string | undefined }
  | ({ readonly kind: "kubernetes" } & KubernetesPlan)
  | ({ readonly kind: "aws"; readonly aws: AwsPlan } & KubernetesPlan);

export interface KubernetesPlan {
  /** Ours: created and deleted with the cluster. Otherwise it exists, and only resources with the cluster's name are ours. */
  readonly namespace: { readonly name: string; readonly ours: boolean };
  /** Undefined where the target creates the control plane. */
  readonly context: string | undefined;
  readonly quota: Readonly<Record<string, string>>;
}

export interface AwsPlan {
  readonly region: string | undefined;
  readonly profile: string | undefined;
  readonly kubernetesVersion: string;
  /** "auto": EKS Auto Mode; "managed": managed node groups and add-ons. */
  readonly compute: "auto" | "managed";
  /** Nodes without GPUs; undefined with Auto Mode, which buys them. */
  readonly general: GeneralNodesPlan | undefined;
  /** A network of its own, or existing subnets. */
  readonly network:
    | { readonly kind: "own"; readonly cidr: string }
    | { readonly kind: "subnets"; readonly ids: readonly string[] };
}

export interface GeneralNodesPlan {
  readonly instanceType: string;
  /** What agents can use of one node. */
  readonly cpuMillis: number;
  readonly memoryBytes: number;
  readonly nodes: ReplicaRange;
}
