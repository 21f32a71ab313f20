import type { TargetKind } from "../model.ts";

/** What a target can do, as far as a blueprint can ask for it. */
interface Capabilities {
  /** Controllers of Kubernetes, its secrets and Cilium. */
  readonly kubernetes: boolean;
  /** Confines what agents reach. */
  readonly confines: boolean;
  /** A volume that several agents can write to. */
  readonly sharedVolume: boolean;
  /** Assigns GPUs to agents. */
  readonly gpus: boolean;
  /** Buys nodes, on demand and spot, and cuts GPUs. */
  readonly nodePools: boolean;
  readonly images: boolean;
  /** Has a daemon of ours to build images with. */
  readonly builds: boolean;
  /** Settings that `cluster.target` takes beside `kind`. */
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
