import { Provider as AwsProvider } from "@pulumi/aws/provider.js";
import { ConfigMap } from "@pulumi/kubernetes/core/v1/index.js";
import { Provider } from "@pulumi/kubernetes/provider.js";
import * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { effectiveReplicas, isAsleep } from "../../plan/desired-state.ts";
import type { CreateTarget } from "../create-target.ts";
import { createKubernetesCluster } from "../kubernetes/create-scope.ts";
import { allOf } from "../kubernetes/dependencies.ts";
import { clusterLabels } from "../kubernetes/labels.ts";
import { grantDeployer } from "./access.ts";
import type { Account } from "./account.ts";
import { createAddon, dnsAddon, nodeAddons } from "./add-ons.ts";
import { createCluster } from "./cluster.ts";
import { createDevicePlugin } from "./device-plugin.ts";
import { kubeconfigOf } from "./kubeconfig.ts";
import { createNetwork } from "./network.ts";
import { createNodeClass } from "./node-class.ts";
import { createGeneralNodes, createGpuNodes } from "./node-groups.ts";
import { autoNodeRole, controlPlaneRole, createRole, managedNodeRole } from "./roles.ts";
import { createStorage } from "./storage.ts";

/** The aws target: an EKS cluster of its own, with the resources of the kubernetes target in it. */
export const createAws: CreateTarget = (context) => {
  const { plan, desired, parent, transform, transition } = context;
  const { platform } = plan;
  if (platform.kind !== "aws") throw new TypeError(`a plan for ${platform.kind}`);
  const { aws } = platform;
  const auto = aws.compute === "auto";
  const groups = plan.gpuPools.flatMap((pool) => pool.groups);
  const managed = !auto || groups.some(({ kind }) => kind === "managed");

  const options = { parent, provider: createAwsProvider(), dependsOn: desired };
  const account: Account = { plan, aws, transform, options };
  const network = createNetwork(account);
  const { subnetIds } = network;
  const autoNodes = auto ? createRole(account, "nodes", autoNodeRole) : undefined;
  const cluster = createCluster(account, {
    network,
    role: createRole(account, "control-plane", controlPlaneRole(auto)),
    autoNodes,
  });
  const deployer = grantDeployer(account, cluster);
  const pods = Promise.withResolvers<pulumi.Output<pulumi.Resource[]>>();
  const nodes = createManagedNodes();
  /** Nodes are created before the workloads on them, and deleted after them. */
  const before = transition === "sleeping" ? [] : nodes.general;
  const kubeconfig = kubeconfigOf(cluster, aws);
  const kubernetes = { parent, provider: createKubernetesProvider(), dependsOn: desired };
  if (auto && !managed) createPolicyController();
  const storage = createStorage(account, { cluster, subnetIds, kubernetes, nodes: before });
  const nodeClass = groups.some(({ kind }) => kind === "karpenter")
    ? createNodeClass(account, { cluster, subnetIds, kubernetes })
    : undefined;
  if (nodes.gpu.length > 0) createDevicePlugin(plan, kubernetes, nodes.gpu);
  const { last, outputs } = createKubernetesCluster(context, {
    kubernetes: platform,
    provider: kubernetes.provider,
    connection: { kubeconfig },
    storage,
    nodes: [...nodes.general, ...nodes.gpu],
    ...(nodeClass !== undefined && { nodeClass }),
  });
  pods.resolve(last);
  return outputs;

  function createAwsProvider(): AwsProvider {
    const { region, profile } = aws;
    return new AwsProvider(
      partName(plan.resource, "aws"),
      { ...(region !== undefined && { region }), ...(profile !== undefined && { profile }) },
      { parent },
    );
  }

  /** Managed node groups, and the add-ons that Auto Mode's own nodes have built in. */
  function createManagedNodes(): { readonly general: pulumi.Resource[]; readonly gpu: pulumi.Resource[] } {
    if (!managed) return { general: [], gpu: [] };
    const counts = desired.document.apply(effectiveReplicas);
    const asleep = desired.document.apply(isAsleep);
    const network = nodeAddons.map((addon) => createAddon(account, cluster, addon));
    const after = transition === "sleeping" ? allOf(network, pulumi.output(pods.promise)) : network;
    const role = createRole(account, "managed-nodes", managedNodeRole);
    const parts = { cluster, subnetIds, role, counts, asleep, after };
    const general = aws.general === undefined ? [] : [createGeneralNodes(account, aws.general, parts)];
    createAddon(account, cluster, dnsAddon, general);
    return { general, gpu: plan.gpuPools.flatMap((pool) => createGpuNodes(account, pool, parts)) };
  }

  /** The provider is deleted last: without the deployer's access no resource in the cluster could be deleted. */
  function createKubernetesProvider(): Provider {
    return new Provider(
      partName(plan.resource, "kubernetes"),
      { kubeconfig, clusterIdentifier: cluster.arn, enableConfigMapMutable: true, enableSecretMutable: true },
      { parent, dependsOn: [deployer, ...before] },
    );
  }

  /** Auto Mode enforces network policies only with this setting; otherwise the add-on of the network does. */
  function createPolicyController(): ConfigMap {
    const metadata = { name: "amazon-vpc-cni", namespace: "kube-system", labels: clusterLabels(plan) };
    const data = { "enable-network-policy-controller": "true" };
    return new ConfigMap(partName(plan.resource, "policy-controller"), { metadata, data }, kubernetes);
  }
};
