import { Cluster } from "@pulumi/aws/eks/index.js";
import { type Account, tagsOf } from "./account.ts";
import type { ClusterNetwork } from "./network.ts";
import type { AttachedRole } from "./roles.ts";

export interface ClusterParts {
  readonly network: ClusterNetwork;
  readonly role: AttachedRole;
  /** Role of the nodes of Auto Mode; undefined without it. */
  readonly autoNodes: AttachedRole | undefined;
}

/** The control plane. Access entries alone grant access to it. */
export function createCluster(account: Account, { network, role, autoNodes }: ClusterParts): Cluster {
  const { plan, aws, options, transform } = account;
  const args = {
    name: plan.resource,
    version: aws.kubernetesVersion,
    roleArn: role.role.arn,
    vpcConfig: { subnetIds: network.subnetIds, endpointPrivateAccess: true, endpointPublicAccess: true },
    accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
    bootstrapSelfManagedAddons: false,
    ...autoMode(autoNodes),
    enabledClusterLogTypes: ["api", "audit", "authenticator"],
    upgradePolicy: { supportType: "STANDARD" },
    tags: tagsOf(account, plan.resource),
  };
  const dependsOn = [...network.wayOut, ...role.attachments, ...(autoNodes?.attachments ?? [])];
  return new Cluster(plan.resource, transform.eksCluster?.(args) ?? args, { ...options, dependsOn });
}

/** EKS requires its three parts to be on or off together. */
function autoMode(nodes: AttachedRole | undefined) {
  const enabled = nodes !== undefined;
  return {
    computeConfig: enabled
      ? { enabled, nodePools: ["general-purpose", "system"], nodeRoleArn: nodes.role.arn }
      : { enabled },
    kubernetesNetworkConfig: { elasticLoadBalancing: { enabled } },
    storageConfig: { blockStorage: { enabled } },
  };
}
