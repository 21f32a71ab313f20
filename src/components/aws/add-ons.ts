import { Addon, type Cluster } from "@pulumi/aws/eks/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { type Account, tagsOf } from "./account.ts";
import { createRole } from "./roles.ts";

interface AddonSpec {
  readonly name: string;
  readonly configuration?: object;
  /** The service account that needs permissions in the account, and the policy that grants them. */
  readonly identity?: { readonly serviceAccount: string; readonly policy: string };
}

/** Network of the nodes, installed before them. Auto Mode's own nodes have these built in. */
export const nodeAddons: readonly AddonSpec[] = [
  { name: "vpc-cni", configuration: { enableNetworkPolicy: "true" } },
  { name: "kube-proxy" },
  { name: "eks-pod-identity-agent" },
];

/** Needs nodes to run on. */
export const dnsAddon: AddonSpec = { name: "coredns" };

export const diskAddon: AddonSpec = {
  name: "aws-ebs-csi-driver",
  identity: { serviceAccount: "ebs-csi-controller-sa", policy: "service-role/AmazonEBSCSIDriverPolicy" },
};

export const fileSystemAddon: AddonSpec = {
  name: "aws-efs-csi-driver",
  identity: { serviceAccount: "efs-csi-controller-sa", policy: "service-role/AmazonEFSCSIDriverPolicy" },
};

export function createAddon(
  account: Account,
  cluster: Cluster,
  spec: AddonSpec,
  dependsOn: pulumi.Resource[] = [],
): Addon {
  const { plan, options } = account;
  const name = partName(plan.resource, spec.name);
  const { identity, configuration } = spec;
  const attached =
    identity === undefined
      ? undefined
      : createRole(account, spec.name, { service: "pods.eks.amazonaws.com", policies: [identity.policy] });
  return new Addon(
    name,
    {
      clusterName: cluster.name,
      addonName: spec.name,
      ...(configuration !== undefined && { configurationValues: JSON.stringify(configuration) }),
      ...(attached !== undefined &&
        identity !== undefined && {
          podIdentityAssociations: [{ roleArn: attached.role.arn, serviceAccount: identity.serviceAccount }],
        }),
      resolveConflictsOnCreate: "OVERWRITE",
      resolveConflictsOnUpdate: "PRESERVE",
      tags: tagsOf(account, name),
    },
    { ...options, dependsOn: [...dependsOn, ...(attached?.attachments ?? [])] },
  );
}
