import type { GpuSupport, TargetDescriptor } from "../descriptor.ts";

const provision: GpuSupport["provision"] = ({ spot, mig, minNodes }) => {
  if (!spot) return "labelled";
  if (mig) return { reason: "Karpenter buys no nodes for slices of GPUs", hint: "leave spot out" };
  if (minNodes > 0) return { reason: "Karpenter keeps no minimum of nodes", hint: "start nodes at 0" };
  return "karpenter";
};

/** Pods of an existing control plane. */
export const kubernetes: TargetDescriptor = {
  settings: ["context", "namespace", "redis"],
  kubernetes: true,
  images: { builds: false, launches: false },
  egress: { by: "policy", proxyImage: "proxy" },
  sharedVolume: true,
  gpus: { assigned: "nodes", nodePools: true, provision },
  location: {
    kind: "server",
    noun: "control plane",
    reconnect: () => "set KUBECONFIG to the file that it was created with",
  },
  drifts: true,
  fastCounts: true,
  migrates: true,
  autoscaler: true,
  packages: ["@pulumi/kubernetes", "@kubernetes/client-node"],
  plugins: ["kubernetes"],
};
