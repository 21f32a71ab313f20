import { awsGpuCounts, awsInstancesFor } from "../../catalog/aws-instances.ts";
import { awsRegions } from "../../catalog/aws-regions.ts";
import type { TargetDescriptor } from "../descriptor.ts";
import { kubernetes } from "../kubernetes/descriptor.ts";

/** Pods of an EKS cluster that is created with the agents. */
export const aws: TargetDescriptor = {
  ...kubernetes,
  settings: ["region", "profile", "namespace", "redis"],
  regions: awsRegions,
  gpus: {
    assigned: "nodes",
    nodePools: true,
    instances: { withGpus: awsInstancesFor, gpuCounts: awsGpuCounts },
    // Karpenter knows no slices; a managed node cuts its GPUs when it boots.
    provision: ({ compute, mig }) => (compute === "auto" && !mig ? "karpenter" : "managed"),
  },
  fastCounts: true,
  migrates: false,
  autoscaler: false,
  packages: ["@pulumi/aws", "@pulumi/kubernetes", "@kubernetes/client-node"],
};
