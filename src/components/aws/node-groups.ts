import { LaunchTemplate } from "@pulumi/aws/ec2/index.js";
import { type Cluster, NodeGroup } from "@pulumi/aws/eks/index.js";
import * as pulumi from "@pulumi/pulumi";
import { findGpu } from "../../catalog/gpus.ts";
import { partName } from "../../part-name.ts";
import type { AgentReplicas } from "../../plan/allocate.ts";
import { generalNodesFor } from "../../plan/general-nodes.ts";
import { gpuNodesFor } from "../../plan/nodes.ts";
import type { GeneralNodesPlan, GpuPoolPlan, NodeGroupPlan } from "../../plan/plan.ts";
import { allOf, type Dependencies } from "../kubernetes/dependencies.ts";
import { gpuTaint } from "../kubernetes/gpu-placement.ts";
import { poolLabels } from "../kubernetes/labels.ts";
import { type Account, tagsOf } from "./account.ts";
import { cutGpus } from "./mig.ts";
import type { AttachedRole } from "./roles.ts";

export interface NodeGroupParts {
  readonly cluster: Cluster;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly role: AttachedRole;
  readonly counts: pulumi.Output<AgentReplicas>;
  readonly asleep: pulumi.Output<boolean>;
  /** Deleted after the nodes: their network, and the workloads that still run on them while the cluster hibernates. */
  readonly after: Dependencies;
}

/** Label of nodes that need the device plugin. */
export const managedGpuLabel = { "swarmstack.dev/device-plugin": "true" } as const;

const gpuDiskGib = 200;

/** Nodes without GPUs. */
export function createGeneralNodes(account: Account, general: GeneralNodesPlan, parts: NodeGroupParts): NodeGroup {
  const { plan } = account;
  const { min, max } = general.nodes;
  return createGroup(account, partName(plan.resource, "general"), parts, {
    amiType: "AL2023_x86_64_STANDARD",
    capacityType: "ON_DEMAND",
    instanceTypes: [general.instanceType],
    scalingConfig: scalingOf(parts, min, max, (counts) => generalNodesFor(general, plan.agents, counts)),
  });
}

/** A hibernated cluster has no node, whatever its minimum is. */
function scalingOf(
  { counts, asleep }: NodeGroupParts,
  min: number,
  max: number,
  needed: (counts: AgentReplicas) => number,
) {
  return pulumi.all([counts, asleep]).apply(([wanted, none]) => ({
    minSize: none ? 0 : min,
    maxSize: max,
    desiredSize: none ? 0 : needed(wanted),
  }));
}

/** The managed groups of a GPU pool: the counts determine the number of nodes, as no scheduler buys them. */
export function createGpuNodes(account: Account, pool: GpuPoolPlan, parts: NodeGroupParts): NodeGroup[] {
  const { plan } = account;
  return pool.groups.filter(({ kind }) => kind === "managed").map(createOne);

  function createOne(group: NodeGroupPlan): NodeGroup {
    const template = createTemplate(account, pool, group);
    const { min, max } = group.nodes;
    return createGroup(account, group.resource, parts, {
      amiType: "AL2023_x86_64_NVIDIA",
      capacityType: group.capacity === "spot" ? "SPOT" : "ON_DEMAND",
      instanceTypes: [...group.instanceTypes],
      launchTemplate: { id: template.id, version: template.latestVersion.apply(String) },
      labels: { ...poolLabels(pool), ...managedGpuLabel },
      taints: [{ key: gpuTaint.key, value: gpuTaint.value, effect: "NO_SCHEDULE" }],
      scalingConfig: scalingOf(parts, min, max, (counts) => gpuNodesFor(group, pool, plan.agents, counts)),
    });
  }
}

type GroupArgs = Omit<ConstructorParameters<typeof NodeGroup>[1], "clusterName" | "nodeRoleArn" | "subnetIds">;

function createGroup(account: Account, name: string, parts: NodeGroupParts, args: GroupArgs): NodeGroup {
  const { cluster, subnetIds, role, after } = parts;
  return new NodeGroup(
    name,
    {
      clusterName: cluster.name,
      nodeRoleArn: role.role.arn,
      subnetIds,
      ...args,
      updateConfig: { maxUnavailable: 1 },
      tags: tagsOf(account, name),
    },
    { ...account.options, dependsOn: allOf([...role.attachments], after) },
  );
}

/** No image: EKS chooses that of the group's type. */
function createTemplate(account: Account, pool: GpuPoolPlan, group: NodeGroupPlan): LaunchTemplate {
  const slices = pool.migProfile === undefined ? undefined : findGpu(group.gpu)?.migProfiles[pool.migProfile];
  return new LaunchTemplate(
    group.resource,
    {
      updateDefaultVersion: true,
      blockDeviceMappings: [
        {
          deviceName: "/dev/xvda",
          ebs: { volumeSize: gpuDiskGib, volumeType: "gp3", encrypted: "true", deleteOnTermination: "true" },
        },
      ],
      metadataOptions: { httpEndpoint: "enabled", httpTokens: "required", httpPutResponseHopLimit: 2 },
      ...(pool.migProfile !== undefined && slices !== undefined && { userData: cutGpus(pool.migProfile, slices) }),
      tagSpecifications: [{ resourceType: "instance", tags: tagsOf(account, group.resource) }],
      tags: tagsOf(account, group.resource),
    },
    account.options,
  );
}
