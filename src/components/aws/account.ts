import type { Provider } from "@pulumi/aws/provider.js";
import type * as pulumi from "@pulumi/pulumi";
import type { AwsPlan, Plan } from "../../plan/plan.ts";
import type { Transforms } from "../transforms.ts";

/** The settings that all resources of a cluster in an AWS account share. */
export interface Account {
  readonly plan: Plan;
  readonly aws: AwsPlan;
  readonly transform: Transforms;
  readonly options: {
    readonly parent: pulumi.ComponentResource;
    readonly provider: Provider;
    /** The desired state: it is in the state before any other resource. */
    readonly dependsOn: pulumi.Resource;
  };
}

export function tagsOf({ plan }: Account, name: string): Record<string, string> {
  return { Name: name, "swarmstack:cluster": plan.resource };
}

/** ARN of a policy that AWS manages, in the partition of the region. */
export function policyArn({ aws }: Account, name: string): string {
  return `arn:${partitionOf(aws.region)}:iam::aws:policy/${name}`;
}

/** ARN of a policy for access to a control plane. */
export function accessPolicyArn({ aws }: Account, name: string): string {
  return `arn:${partitionOf(aws.region)}:eks::aws:cluster-access-policy/${name}`;
}

function partitionOf(region = ""): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
