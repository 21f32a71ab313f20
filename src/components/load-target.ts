import type { TargetKind } from "../blueprint/model.ts";
import type { CreateTarget } from "./create-target.ts";
import { requireTargetPackages } from "./target-packages.ts";

const loaders: Readonly<Record<TargetKind, () => Promise<CreateTarget>>> = {
  local: async () => (await import("./local/local.ts")).createLocal,
  docker: async () => (await import("./docker/docker.ts")).createDocker,
  kubernetes: async () => (await import("./kubernetes/kubernetes.ts")).createKubernetes,
  aws: async () => (await import("./aws/aws.ts")).createAws,
};

/**
 * Loads the component of a target on demand: its SDK costs up to a second, and only one is used.
 *
 * @throws SwarmError SW506 where packages of the target are not installed
 */
export async function loadTarget(kind: TargetKind): Promise<CreateTarget> {
  requireTargetPackages(kind);
  return loaders[kind]();
}
