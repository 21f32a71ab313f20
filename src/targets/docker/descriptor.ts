import type { GpuSupport, TargetDescriptor } from "../descriptor.ts";

const provision: GpuSupport["provision"] = ({ spot, mig }) => {
  if (spot) return { reason: "a docker host has no spot nodes" };
  if (mig) return { reason: "the docker target does not cut GPUs into slices" };
  return "device";
};

/** Containers of one Docker daemon. */
export const docker: TargetDescriptor = {
  settings: ["context", "redis"],
  kubernetes: false,
  images: { builds: true, launches: true },
  egress: { by: "proxy", proxyImage: "egress" },
  sharedVolume: true,
  gpus: { assigned: "devices", nodePools: false, provision },
  location: { kind: "server", noun: "daemon", reconnect: (server) => `set DOCKER_HOST to ${server}` },
  drifts: true,
  fastCounts: false,
  migrates: true,
  autoscaler: true,
  packages: [],
  plugins: ["docker"],
};
