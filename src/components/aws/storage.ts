import { FileSystem, MountTarget } from "@pulumi/aws/efs/index.js";
import type { Cluster } from "@pulumi/aws/eks/index.js";
import { StorageClass } from "@pulumi/kubernetes/storage/v1/index.js";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { clusterLabels } from "../kubernetes/labels.ts";
import type { KubernetesScope } from "../kubernetes/scope.ts";
import { agentUser } from "../kubernetes/security.ts";
import { type Account, tagsOf } from "./account.ts";
import { createAddon, diskAddon, fileSystemAddon } from "./add-ons.ts";

export interface StorageParts {
  readonly cluster: Cluster;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly kubernetes: KubernetesScope["options"];
  /** Nodes that run the drivers. */
  readonly nodes: pulumi.Resource[];
}

/** Storage classes of the plan's volumes: disks for instances, a file system for the shared one. */
export function createStorage(account: Account, parts: StorageParts): KubernetesScope["storage"] {
  const { plan } = account;
  return {
    ...(plan.agents.some(({ state }) => state !== undefined) && { state: createDiskClass(account, parts) }),
    ...(plan.shared.volumeBytes !== undefined && { shared: createSharedClass(account, parts) }),
  };
}

function createDiskClass(account: Account, { cluster, kubernetes, nodes }: StorageParts): pulumi.Output<string> {
  const auto = account.aws.compute === "auto";
  const driver = auto ? [] : [createAddon(account, cluster, diskAddon, nodes)];
  const name = partName(account.plan.resource, "state");
  const args = {
    metadata: { name, labels: clusterLabels(account.plan) },
    provisioner: auto ? "ebs.csi.eks.amazonaws.com" : "ebs.csi.aws.com",
    parameters: { type: "gp3", encrypted: "true" },
    volumeBindingMode: "WaitForFirstConsumer",
    allowVolumeExpansion: true,
    reclaimPolicy: "Delete",
  };
  return new StorageClass(name, args, { ...kubernetes, dependsOn: driver }).metadata.name;
}

function createSharedClass(
  account: Account,
  { cluster, subnetIds, kubernetes, nodes }: StorageParts,
): pulumi.Output<string> {
  const { plan, options } = account;
  const name = partName(plan.resource, "shared");
  const driver = createAddon(account, cluster, fileSystemAddon, nodes);
  const files = new FileSystem(name, { encrypted: true, tags: tagsOf(account, name) }, options);
  const securityGroups = [cluster.vpcConfig.clusterSecurityGroupId];
  // One for each of the two zones; the ids are outputs of the subnets.
  const targets = [0, 1].map((index) => {
    const subnetId = pulumi.output(subnetIds).apply((ids) => ids[index] ?? "");
    return new MountTarget(`${name}-${index}`, { fileSystemId: files.id, subnetId, securityGroups }, options);
  });
  const user = String(agentUser);
  const args = {
    metadata: { name, labels: clusterLabels(plan) },
    provisioner: "efs.csi.aws.com",
    parameters: { provisioningMode: "efs-ap", fileSystemId: files.id, directoryPerms: "770", uid: user, gid: user },
  };
  return new StorageClass(name, args, { ...kubernetes, dependsOn: [driver, ...targets] }).metadata.name;
}
