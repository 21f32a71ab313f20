import { RunError } from "@pulumi/pulumi";
import type { TargetKind } from "../blueprint/model.ts";
import type { CreateTarget } from "./create-target.ts";
import { requireTargetPackages } from "./target-packages.ts";

const loaders: Readonly<Record<TargetKind, (() => Promise<CreateTarget>) | undefined>> = {
  local: async () => (await import("./local/local.ts")).createLocal,
  docker: async () => (await import("./docker/docker.ts")).createDocker,
  kubernetes: async () => (await import("./kubernetes/kubernetes.ts")).createKubernetes,
  aws: async () => (await import("./aws/aws.ts")).createAws,
  fly: undefined,
};

/**
 * Loads a target's component before any resource is made: its SDK costs up to a second, and only one is used.
 *
 * @throws SwarmError SW506 where packages of the target are not installed
 */
export async function loadTarget(kind: TargetKind): Promise<CreateTarget> {
  const load = loaders[kind];
  if (load === undefined) {
    const ready = Object.entries(loaders).flatMap(([name, loader]) => (loader === undefined ? [] : [name]));
    throw new RunError(`target "${kind}" cannot run yet; use one of ${ready.join(", ")}`);
  }
  requireTargetPackages(kind);
  return load();
}
