import type { Cluster } from "@pulumi/aws/eks/index.js";
import { CustomResource } from "@pulumi/kubernetes/apiextensions/index.js";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import type { NodeClass } from "../kubernetes/karpenter.ts";
import { clusterLabels } from "../kubernetes/labels.ts";
import type { KubernetesScope } from "../kubernetes/scope.ts";
import { readiness } from "../kubernetes/wait-for.ts";
import { grantNodes } from "./access.ts";
import type { Account } from "./account.ts";
import { autoNodeRole, createRole } from "./roles.ts";

export interface NodeClassParts {
  readonly cluster: Cluster;
  readonly subnetIds: pulumi.Input<pulumi.Input<string>[]>;
  readonly kubernetes: KubernetesScope["options"];
}

/** The template of GPU nodes in Auto Mode: a role of their own, and room for large images. */
export function createNodeClass(account: Account, { cluster, subnetIds, kubernetes }: NodeClassParts): NodeClass {
  const { plan } = account;
  const name = partName(plan.resource, "gpu");
  const { role, attachments } = createRole(account, "gpu-nodes", autoNodeRole);
  const access = grantNodes(account, cluster, role.arn);
  const resource = new CustomResource(
    name,
    {
      apiVersion: "eks.amazonaws.com/v1",
      kind: "NodeClass",
      metadata: { name, labels: clusterLabels(plan), annotations: readiness },
      spec: {
        role: role.name,
        subnetSelectorTerms: pulumi.output(subnetIds).apply((ids) => ids.map((id) => ({ id }))),
        securityGroupSelectorTerms: [{ id: cluster.vpcConfig.clusterSecurityGroupId }],
        ephemeralStorage: { size: "200Gi" },
        // No tags: Auto Mode's own policies deny it tags of others.
        networkPolicy: "DefaultAllow",
      },
    },
    { ...kubernetes, dependsOn: [access, ...attachments] },
  );
  return { group: "eks.amazonaws.com", kind: "NodeClass", name: resource.metadata.name };
}
