import { useSharedControlPlane } from "../servers/control-plane.ts";
import { useSharedDocker } from "../servers/docker.ts";
import { dockerTarget } from "./docker.ts";
import { kubernetesTarget } from "./kubernetes.ts";
import { localTarget } from "./local.ts";
import type { Target } from "./target.ts";

const targets: Readonly<Record<Target["name"], () => Target>> = {
  local: () => localTarget,
  docker: () => dockerTarget(useSharedDocker()),
  kubernetes: () => kubernetesTarget(useSharedControlPlane()),
};

/** Uses the run's server of a target for the tests of a `describe`; skips them with the reason if it is unavailable. */
export function useSharedTarget(name: Target["name"]): Target {
  return targets[name]();
}
