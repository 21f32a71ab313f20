import type { TargetKind } from "../model.ts";

/** Capabilities of a target that a blueprint can require. */
interface Capabilities {
  /** Kubernetes controllers, secrets and Cilium. */
  readonly kubernetes: boolean;
  /** Restricts the egress of agents. */
  readonly confines: boolean;
  /** Supports a volume that several agents can write to. */
  readonly sharedVolume: boolean;
  /** Assigns GPUs to agents. */
  readonly gpus: boolean;
  /** Provisions nodes, on demand and spot, and partitions GPUs. */
  readonly nodePools: boolean;
  readonly images: boolean;
  /** Has a docker daemon that can build images. */
  readonly builds: boolean;
  /** Settings of `cluster.target` besides `kind`. */
  readonly settings: readonly string[];
}

export const targets: Readonly<Record<TargetKind, Capabilities>> = {
  local: {
    kubernetes: false,
    confines: false,
    sharedVolume: true,
    gpus: false,
    nodePools: false,
    images: false,
    builds: false,
    settings: ["redis"],
  },
  docker: {
    kubernetes: false,
    confines: true,
    sharedVolume: true,
    gpus: true,
    nodePools: false,
    images: true,
    builds: true,
    settings: ["context", "redis"],
  },
  kubernetes: {
    kubernetes: true,
    confines: true,
    sharedVolume: true,
    gpus: true,
    nodePools: true,
    images: true,
    builds: false,
    settings: ["context", "namespace", "redis"],
  },
  aws: {
    kubernetes: true,
    confines: true,
    sharedVolume: true,
    gpus: true,
    nodePools: true,
    images: true,
    builds: false,
    settings: ["region", "profile", "namespace", "redis"],
  },
  fly: {
    kubernetes: false,
    confines: false,
    sharedVolume: false,
    gpus: false,
    nodePools: false,
    images: true,
    builds: false,
    settings: ["region", "redis"],
  },
};

export function hasKubernetes(target: TargetKind): boolean {
  return targets[target].kubernetes;
}
