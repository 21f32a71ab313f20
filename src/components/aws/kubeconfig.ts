import type { Cluster } from "@pulumi/aws/eks/index.js";
import * as pulumi from "@pulumi/pulumi";
import type { AwsPlan } from "../../plan/plan.ts";

/** A kubeconfig without credentials: the AWS CLI returns a token for each call. */
export function kubeconfigOf(cluster: Cluster, { region, profile }: AwsPlan): pulumi.Output<string> {
  const { name, endpoint, certificateAuthority } = cluster;
  return pulumi.all([name, endpoint, certificateAuthority]).apply(([eks, server, authority]) => {
    const where = region === undefined ? [] : ["--region", region];
    const exec = {
      apiVersion: "client.authentication.k8s.io/v1",
      command: "aws",
      args: [...where, "eks", "get-token", "--cluster-name", eks, "--output", "json"],
      ...(profile !== undefined && { env: [{ name: "AWS_PROFILE", value: profile }] }),
      interactiveMode: "Never",
    };
    return JSON.stringify({
      apiVersion: "v1",
      kind: "Config",
      clusters: [{ name: eks, cluster: { server, "certificate-authority-data": authority.data } }],
      contexts: [{ name: eks, context: { cluster: eks, user: eks } }],
      "current-context": eks,
      users: [{ name: eks, user: { exec } }],
    });
  });
}
