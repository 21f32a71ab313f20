import type { InstanceType } from "../catalog/aws-instances.ts";
import type { OptionalPackage } from "../optional-packages.ts";

/** A key of `cluster.target` beside `kind`. */
export type TargetSetting = "context" | "namespace" | "region" | "profile" | "redis";

/** A provider whose plugin swarmstack looks up, or replaces by its own. */
export type PluginName = "kubernetes" | "docker";

/** What a target can do and what it needs. Pure facts: the parts that act are tables by kind in their own folders. */
export interface TargetDescriptor {
  /** Keys that `cluster.target` takes beside `kind`. */
  readonly settings: readonly TargetSetting[];
  /** Values of `region`, where the catalog lists them. */
  readonly regions?: readonly string[] | undefined;
  /** Has the Kubernetes API: its autoscalers, its secrets, Cilium, the names of its pods. */
  readonly kubernetes: boolean;
  /** Undefined: instances are processes. */
  readonly images: ImageSupport | undefined;
  /** How egress rules are enforced; undefined: not at all. */
  readonly egress: EgressSupport | undefined;
  /** Has a volume that several agents can write to. */
  readonly sharedVolume: boolean;
  /** How agents get GPUs; undefined: not at all. */
  readonly gpus: GpuSupport | undefined;
  readonly location: HostLocation | ServerLocation;
  /** Resources can change without the engine: it refreshes the state before it compares. */
  readonly drifts: boolean;
  /** Counts can be written without the engine; where instances are resources of the stack they cannot. */
  readonly fastCounts: boolean;
  /** `swarmctl migrate --to` accepts it. */
  readonly migrates: boolean;
  /** `swarmctl autoscaler` reaches it and writes counts there. */
  readonly autoscaler: boolean;
  /** npm packages that are not installed with swarmstack. */
  readonly packages: readonly OptionalPackage[];
  readonly plugins: readonly PluginName[];
}

export interface ImageSupport {
  /** Builds images from folders; without it nodes pull them by name. */
  readonly builds: boolean;
  /** A launcher hands over secrets and queues, so the command of the container has to be known. */
  readonly launches: boolean;
}

export interface EgressSupport {
  /** "proxy": the network has no other way out than the proxy. "policy": a network policy allows addresses. */
  readonly by: "proxy" | "policy";
  /** Key of the proxy's image in `images` of the plan. */
  readonly proxyImage: "egress" | "proxy";
}

/** "labelled": existing nodes. "karpenter": bought as pods need them. "managed": EKS managed node groups. */
export type Provisioning = "device" | "labelled" | "karpenter" | "managed";

/** What decides how a GPU pool is provisioned. */
export interface PoolRequest {
  readonly spot: boolean;
  readonly mig: boolean;
  readonly minNodes: number;
  /** Of EKS. */
  readonly compute: "auto" | "managed";
}

/** Why a target cannot provide a GPU pool. */
export interface PoolRefusal {
  readonly reason: string;
  readonly hint?: string;
}

export interface GpuSupport {
  /** "devices": of one host, assigned by the plan. "nodes": the scheduler assigns them. */
  readonly assigned: "devices" | "nodes";
  /** Has spot nodes and GPUs cut into MIG slices. */
  readonly nodePools: boolean;
  /** Instance types that its nodes are bought as; undefined: nodes are any machine. */
  readonly instances?: InstanceCatalog | undefined;
  readonly provision: (pool: PoolRequest) => Provisioning | PoolRefusal;
}

export interface InstanceCatalog {
  readonly withGpus: (gpu: string, gpus: number) => readonly InstanceType[];
  /** Numbers of GPUs that one instance can have, ascending. */
  readonly gpuCounts: (gpu: string) => readonly number[];
}

/** Instances run on the machine of the engine. */
export interface HostLocation {
  readonly kind: "host";
}

/** Instances run behind a server with an address. */
export interface ServerLocation {
  readonly kind: "server";
  readonly noun: "daemon" | "control plane";
  /** The hint for an update that is connected to another server than the recorded one. */
  readonly reconnect: (server: string) => string;
}
