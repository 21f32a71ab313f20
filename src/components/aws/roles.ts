import { Role, RolePolicyAttachment } from "@pulumi/aws/iam/index.js";
import { partName } from "../../part-name.ts";
import { type Account, policyArn, tagsOf } from "./account.ts";

export interface AttachedRole {
  readonly role: Role;
  /** Users of the role are created after these, and deleted before them. */
  readonly attachments: readonly RolePolicyAttachment[];
}

export interface RoleSpec {
  readonly service: string;
  readonly policies: readonly string[];
}

/** Auto Mode manages nodes, disks and load balancers with permissions of the control plane. */
export function controlPlaneRole(auto: boolean): RoleSpec {
  const forNodes = ["Compute", "BlockStorage", "LoadBalancing", "Networking"].map((part) => `AmazonEKS${part}Policy`);
  return { service: "eks.amazonaws.com", policies: ["AmazonEKSClusterPolicy", ...(auto ? forNodes : [])] };
}

export const autoNodeRole: RoleSpec = {
  service: "ec2.amazonaws.com",
  policies: ["AmazonEKSWorkerNodeMinimalPolicy", "AmazonEC2ContainerRegistryPullOnly"],
};

export const managedNodeRole: RoleSpec = {
  service: "ec2.amazonaws.com",
  policies: ["AmazonEKSWorkerNodePolicy", "AmazonEC2ContainerRegistryPullOnly", "AmazonEKS_CNI_Policy"],
};

/** A role that a service of AWS assumes, with policies that AWS manages. */
export function createRole(account: Account, part: string, { service, policies }: RoleSpec): AttachedRole {
  const { plan, options } = account;
  const name = partName(plan.resource, part);
  const statement = { Effect: "Allow", Principal: { Service: service }, Action: ["sts:AssumeRole", "sts:TagSession"] };
  const assumeRolePolicy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
  const role = new Role(name, { assumeRolePolicy, tags: tagsOf(account, name) }, options);
  const attachments = policies.map((policy) => {
    const attachment = partName(name, policy.replace(/^.*\//, ""), 120);
    return new RolePolicyAttachment(attachment, { role: role.name, policyArn: policyArn(account, policy) }, options);
  });
  return { role, attachments };
}
