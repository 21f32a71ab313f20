import { AccessEntry, AccessPolicyAssociation, type Cluster } from "@pulumi/aws/eks/index.js";
import { getCallerIdentityOutput } from "@pulumi/aws/getCallerIdentity.js";
import { getSessionContextOutput } from "@pulumi/aws/iam/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { type Account, accessPolicyArn, tagsOf } from "./account.ts";

/** The principal that runs the program administers the cluster; a session of a role counts as the role. */
export function grantDeployer(account: Account, cluster: Cluster): pulumi.Resource {
  const caller = getCallerIdentityOutput({}, account.options);
  const principalArn = getSessionContextOutput({ arn: caller.arn }, account.options).issuerArn;
  return grant(account, cluster, "deployer", { principalArn, type: "STANDARD", policy: "AmazonEKSClusterAdminPolicy" });
}

/** Admits the nodes of the cluster's own node class. */
export function grantNodes(account: Account, cluster: Cluster, roleArn: pulumi.Output<string>): pulumi.Resource {
  return grant(account, cluster, "gpu-nodes", {
    principalArn: roleArn,
    type: "EC2",
    policy: "AmazonEKSAutoNodePolicy",
  });
}

interface Grant {
  readonly principalArn: pulumi.Output<string>;
  readonly type: "STANDARD" | "EC2";
  readonly policy: string;
}

function grant(
  account: Account,
  cluster: Cluster,
  part: string,
  { principalArn, type, policy }: Grant,
): pulumi.Resource {
  const { plan, options } = account;
  const name = partName(plan.resource, part);
  const clusterName = cluster.name;
  const entry = new AccessEntry(name, { clusterName, principalArn, type, tags: tagsOf(account, name) }, options);
  return new AccessPolicyAssociation(
    name,
    { clusterName, principalArn, policyArn: accessPolicyArn(account, policy), accessScope: { type: "cluster" } },
    { ...options, dependsOn: [entry] },
  );
}
