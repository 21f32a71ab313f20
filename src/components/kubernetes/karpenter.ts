import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GpuPoolPlan, NodeGroupPlan } from "../../plan/plan.ts";
import { gpuTaint } from "./gpu-placement.ts";
import { clusterWide, poolLabels } from "./labels.ts";
import type { Site } from "./site.ts";
import { readiness } from "./wait-for.ts";

export interface NodeClass {
  readonly group: string;
  readonly kind: string;
  readonly name: pulumi.Input<string>;
}

/** Karpenter on a control plane that is there: its own class of this name. */
const presentClass: NodeClass = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };

/**
 * One NodePool for each way to buy the nodes of a GPU pool; Karpenter prefers the heavier one that has room. What starts
 * its nodes are claims outside of the state, so a NodePool is always deleted for itself, and waited for.
 */
export function createNodePools(site: Site, nodeClass: NodeClass = presentClass): void {
  for (const pool of site.plan.gpuPools) {
    for (const group of pool.groups) if (group.kind === "karpenter") createNodePool(site, pool, group, nodeClass);
  }
}

function createNodePool(site: Site, pool: GpuPoolPlan, group: NodeGroupPlan, nodeClass: NodeClass): void {
  new CustomResource(
    group.resource,
    {
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { ...clusterWide(site, group.resource), annotations: readiness },
      spec: {
        weight: group.weight,
        limits: { "nvidia.com/gpu": String(group.nodes.max * pool.gpusPerNode) },
        disruption: {
          // Agents at work are not moved to save a node.
          consolidationPolicy: "WhenEmpty",
          consolidateAfter: "5m",
          budgets: [{ nodes: "10%" }],
        },
        template: {
          metadata: { labels: poolLabels(pool) },
          spec: {
            nodeClassRef: { ...nodeClass },
            requirements: [
              { key: "karpenter.sh/capacity-type", operator: "In", values: [group.capacity] },
              { key: "node.kubernetes.io/instance-type", operator: "In", values: [...group.instanceTypes] },
            ],
            taints: [{ ...gpuTaint }],
            // With the grace, under the 21 days after which Auto Mode ends a node itself.
            expireAfter: "336h",
            terminationGracePeriod: "24h",
          },
        },
      },
    },
    site.options,
  );
}
