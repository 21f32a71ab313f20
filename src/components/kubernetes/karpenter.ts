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

/** Karpenter on an existing control plane: its own class of this name. */
const presentClass: NodeClass = { group: "karpenter.k8s.aws", kind: "EC2NodeClass", name: "default" };

/** Consolidation never evicts working agents to save a node. */
const whenIdle = { consolidationPolicy: "WhenEmpty", consolidateAfter: "5m", budgets: [{ nodes: "10%" }] };
/** The nodes of a hibernated cluster are not used again. */
const atOnce = { consolidationPolicy: "WhenEmpty", consolidateAfter: "0s", budgets: [{ nodes: "100%" }] };

/**
 * One NodePool for each way to buy the nodes of a GPU pool; Karpenter prefers the one with the higher weight that has room. Its
 * nodes are claims outside the state, so the delete of a NodePool is always explicit, and waited for.
 *
 * @param after resources that are complete before its limits change
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
            // With the grace period, below the 21 days after which Auto Mode terminates a node.
            expireAfter: "336h",
            terminationGracePeriod: "24h",
          },
        },
      },
    },
    { ...scope.options, dependsOn },
  );
}
