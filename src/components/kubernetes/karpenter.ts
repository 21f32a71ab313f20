import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import type * as pulumi from "@pulumi/pulumi";
import type { GpuPoolPlan, NodeGroupPlan } from "../../plan/plan.ts";
import type { Dependencies } from "./dependencies.ts";
import { gpuTaint } from "./gpu-placement.ts";
import { clusterWide, poolLabels } from "./labels.ts";
import type { KubernetesScope } from "./scope.ts";
import { readiness } from "./wait-for.ts";

export interface NodeClass {
  readonly group: string;
  readonly kind: string;
  readonly name: pulumi.Input<string>;
}

/** Karpenter on a control plane that is there: its own class of this name. */
const presentClass: NodeClass = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };

/** Agents at work are not moved to save a node. */
const whenIdle = { consolidationPolicy: "WhenEmpty", consolidateAfter: "5m", budgets: [{ nodes: "10%" }] };
/** Nobody comes back to the nodes of a cluster that hibernates. */
const atOnce = { consolidationPolicy: "WhenEmpty", consolidateAfter: "0s", budgets: [{ nodes: "100%" }] };

/**
 * One NodePool for each way to buy the nodes of a GPU pool; Karpenter prefers the heavier one that has room. What starts
 * its nodes are claims outside of the state, so a NodePool is always deleted for itself, and waited for.
 *
 * @param after what has to be done before its limits change
 */
export function createNodePools(
  scope: KubernetesScope,
  after: Dependencies,
  nodeClass: NodeClass = presentClass,
): CustomResource[] {
  return scope.plan.gpuPools.flatMap((pool) =>
    pool.groups
      .filter(({ kind }) => kind === "karpenter")
      .map((group) => createNodePool(scope, pool, group, after, nodeClass)),
  );
}

function createNodePool(
  scope: KubernetesScope,
  pool: GpuPoolPlan,
  group: NodeGroupPlan,
  dependsOn: Dependencies,
  nodeClass: NodeClass,
): CustomResource {
  const most = group.nodes.max * pool.gpusPerNode;
  return new CustomResource(
    group.resource,
    {
      apiVersion: "karpenter.sh/v1",
      kind: "NodePool",
      metadata: { ...clusterWide(scope, group.resource), annotations: readiness },
      spec: {
        weight: group.weight,
        limits: { "nvidia.com/gpu": scope.asleep.apply((asleep) => (asleep ? "0" : String(most))) },
        disruption: scope.asleep.apply((asleep) => (asleep ? atOnce : whenIdle)),
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
    { ...scope.options, dependsOn },
  );
}
