import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubernetesObject, type V1Node } from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { awsInstances } from "../../src/catalog/aws-instances.ts";
import { findGpu } from "../../src/catalog/gpus.ts";
import type { PowerState } from "../../src/plan/desired-state.ts";
import { poll } from "../../src/platform/wait.ts";
import { type InstanceOffer, karpenter, kwokNodeClass, startKarpenter } from "../../tools/control-plane/karpenter.ts";
import { runPlan } from "../components/mock-stack.ts";
import { plantSecrets } from "../components/planted.ts";
import { compileSample, sampleNamed } from "../components/shipped.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";

const minute = 60_000;
const namespace = "gpu-inference";
const largeModel = "gpu-inference-large-model";
const base = "gpu-inference-h100-base";
const spot = "gpu-inference-h100-spot-nvidia-h100";
const fallbacks = ["gpu-inference-h100-spot-nvidia-h200", "gpu-inference-h100-spot-nvidia-a100-80gb"] as const;

const plane = useControlPlane({ pools: [{ name: "cpu", count: 2 }] }, async (started) => {
  const missing = await startKarpenter(started, offers());
  if (missing !== undefined) return missing;
  const objects = await emitted();
  await started.apply(objects.filter(({ kind }) => kind === "Namespace"));
  await started.apply(objects);
  return undefined;
});

/** Spot costs a third. A GPU that is sold out on spot has no price there. */
function offers(soldOut: readonly string[] = []): readonly InstanceOffer[] {
  return awsInstances
    .filter(({ gpus }) => gpus === 8)
    .map(({ name, gpu, gpus, vcpus, memoryGib }) => ({
      name,
      resources: { cpu: String(vcpus), memory: `${memoryGib}Gi`, [findGpu(gpu)?.resource ?? ""]: String(gpus) },
      price: { "on-demand": 9, ...(!soldOut.includes(gpu) && { spot: 3 }) },
    }));
}

/** What the component makes of the shipped blueprint. Two things are the test's own: the class of nodes, and the wait. */
async function emitted(power: PowerState = "active"): Promise<readonly KubernetesObject[]> {
  plantSecrets();
  const sample = sampleNamed("gpu-inference");
  const compiled = compileSample(sample, "kubernetes");
  if ("refused" in compiled) throw new Error(compiled.refused.join());
  const { resources } = await runPlan(compiled.plan, { folder: sample.folder, change: { power } });
  return resources
    .filter(({ type, inputs }) => type.startsWith("kubernetes:") && typeof inputs.kind === "string")
    .map(({ inputs }) => adapted(structuredClone(inputs)));
}

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds
function adapted(object: any): KubernetesObject {
  if (object.kind === "Secret") object.stringData = { HF_TOKEN: "token" };
  if (object.kind === "NodePool") {
    object.spec.template.spec.nodeClassRef = kwokNodeClass;
    if (object.spec.disruption.consolidateAfter === "5m") object.spec.disruption.consolidateAfter = "10s";
  }
  if (object.spec?.template?.metadata?.annotations !== undefined) delete object.spec.template.metadata.annotations;
  return object;
}

const core = () => plane().client().makeApiClient(CoreV1Api);

async function gpuNodes(): Promise<readonly V1Node[]> {
  const { items } = await core().listNode({ labelSelector: "karpenter.sh/nodepool" });
  return items;
}

/** Names of NodePools, one for each node. */
async function poolsOfNodes(): Promise<readonly string[]> {
  return (await gpuNodes()).map(({ metadata }) => metadata?.labels?.["karpenter.sh/nodepool"] ?? "").sort();
}

async function scale(replicas: number): Promise<void> {
  const api = plane().client().makeApiClient(AppsV1Api);
  const body = { metadata: { name: largeModel, namespace }, spec: { replicas } };
  await api.replaceNamespacedDeploymentScale({ name: largeModel, namespace, body });
}

async function waitFor<T>(
  what: string,
  question: () => Promise<T | undefined | false>,
  deadlineMs = 2 * minute,
): Promise<T> {
  const answer = await poll(async () => (await question()) || undefined, { deadlineMs, intervalMs: 250 });
  if (answer === undefined) throw new Error(`${what}: not within ${deadlineMs} ms\n${plane().log(karpenter)}`);
  return answer;
}

async function running(labelSelector: string, count: number, within = namespace): Promise<readonly string[]> {
  return waitFor(`${count} pods of ${labelSelector} run`, async () => {
    const { items } = await core().listNamespacedPod({ namespace: within, labelSelector });
    const up = items.filter(({ status, metadata }) => status?.phase === "Running" && !metadata?.deletionTimestamp);
    return up.length === count && up.map(({ spec }) => spec?.nodeName ?? "");
  });
}

const ofLargeModel = `swarmstack.dev/agent=${largeModel}`;

/** Waits until there are nodes of these pools and no others. */
async function nodesOf(pools: readonly string[], deadlineMs = 8 * minute): Promise<void> {
  let seen: readonly string[] = [];
  const want = JSON.stringify([...pools].sort());
  const question = async () => {
    seen = await poolsOfNodes();
    return JSON.stringify(seen) === want;
  };
  await waitFor(`nodes of ${want}`, question, deadlineMs).catch((error: Error) => {
    throw new Error(`${error.message}\nseen: ${seen.join(", ")}`);
  });
}

/** Pods as those of the large model, where no quota counts them. */
async function strangers(replicas: number): Promise<KubernetesObject> {
  const api = plane().client().makeApiClient(AppsV1Api);
  const { spec } = await api.readNamespacedDeployment({ name: largeModel, namespace });
  const { nodeSelector, tolerations } = spec?.template.spec ?? {};
  const limits = { "nvidia.com/gpu": "4", cpu: "8", memory: "64Gi" };
  const labels = { app: "strangers" };
  const containers = [{ name: "main", image: "agent:1", resources: { limits } }];
  const template = { metadata: { labels }, spec: { nodeSelector, tolerations, containers } };
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "strangers", namespace: "default" },
    spec: { replicas, selector: { matchLabels: labels }, template },
  } as KubernetesObject;
}

describe("gpu-inference under Karpenter", () => {
  test("the NodePools are ready", async () => {
    const api = plane().client().makeApiClient(CustomObjectsApi);
    const pools = await waitFor("NodePools are ready", async () => {
      const { items } = await api.listClusterCustomObject({
        group: "karpenter.sh",
        version: "v1",
        plural: "nodepools",
      });
      return items.every(isReady) && items;
    });
    expect(pools).toHaveLength(4);
  });

  test("the first agents share one node, and that one is on demand", async () => {
    await scale(2);
    await running(ofLargeModel, 2);
    expect(await poolsOfNodes()).toEqual([base]);
    const [node] = await gpuNodes();
    expect(node?.metadata?.labels).toMatchObject({
      "karpenter.sh/capacity-type": "on-demand",
      "node.kubernetes.io/instance-type": "p5.48xlarge",
      "swarmstack.dev/gpu-pool": "gpu-inference-h100",
    });
    const taint = { effect: "NoSchedule", key: "nvidia.com/gpu", value: "true" };
    await waitFor("the node has its taint alone", async () => {
      const [found] = await gpuNodes();
      return JSON.stringify(found?.spec?.taints) === JSON.stringify([taint]);
    });
  });

  test("the others are on spot nodes of the same GPU, and the pool is at its limit of 4 nodes", async () => {
    await scale(8);
    await running(ofLargeModel, 8);
    expect(await poolsOfNodes()).toEqual([base, spot, spot, spot]);
    const spotNodes = (await gpuNodes()).filter(({ metadata }) => metadata?.labels?.["karpenter.sh/nodepool"] === spot);
    const capacity = spotNodes.map(({ metadata }) => metadata?.labels?.["karpenter.sh/capacity-type"]);
    expect(capacity).toEqual(["spot", "spot", "spot"]);
  });

  test("an agent over the maximum is refused by the quota, before it can ask for a node", async () => {
    await scale(9);
    const api = plane().client().makeApiClient(AppsV1Api);
    await waitFor("the Deployment says that a pod was refused", async () => {
      const { status } = await api.readNamespacedDeployment({ name: largeModel, namespace });
      return status?.conditions?.some(({ type, message }) => type === "ReplicaFailure" && message?.includes("quota"));
    });
    expect(await poolsOfNodes()).toHaveLength(4);
    await scale(8);
  });

  test("whoever asks for more gets the fallbacks by their weight, each up to its limit", async () => {
    await plane().apply([await strangers(16)]);
    await running("app=strangers", 12, "default");
    await waitFor("Karpenter says that the limits are reached", async () => {
      const { items } = await core().listNamespacedEvent({ namespace: "default" });
      return items.some(({ message }) => message?.includes("exceed limits"));
    });
    const full = [base, spot, spot, spot, ...fallbacks.flatMap((pool) => [pool, pool, pool])];
    expect(await poolsOfNodes()).toEqual(full.sort());
  });

  test("the pools of a cluster that hibernates lose their nodes, and buy none", async () => {
    await core().deleteCollectionNamespacedEvent({ namespace: "default" });
    await plane().runKubectl(["delete", "deployment", "strangers"]);
    await scale(0);
    await plane().apply((await emitted("hibernated")).filter(isPool));
    await nodesOf([]);
    await plane().apply([await strangers(1)]);
    await waitFor("Karpenter says that nothing may be bought", async () => {
      const { items } = await core().listNamespacedEvent({ namespace: "default" });
      return items.some(({ message }) => message?.includes("exceed limits"));
    });
    expect(await poolsOfNodes()).toEqual([]);
    await plane().runKubectl(["delete", "deployment", "strangers"]);
    await plane().apply((await emitted()).filter(isPool));
  });

  test("where the GPU is sold out on spot, the first fallback takes its place", async () => {
    await plane().kill(karpenter);
    await startKarpenter(plane(), offers(["nvidia-h100"]));
    await scale(4);
    await running(ofLargeModel, 4);
    expect(await poolsOfNodes()).toEqual([base, fallbacks[0]]);
  });

  test("after a destroy there is no node and no claim", async () => {
    const names = [base, spot, ...fallbacks].map((pool) => `nodepool/${pool}`);
    await plane().runKubectl(["delete", "deployment", largeModel, "--namespace", namespace]);
    await plane().runKubectl(["delete", ...names, "--timeout=300s"]);
    await nodesOf([]);
    expect(await plane().runKubectl(["get", "nodeclaims", "--output=name"])).toBe("");
  });
});

function isPool({ kind }: KubernetesObject): boolean {
  return kind === "NodePool";
}

function isReady(object: { status?: { conditions?: readonly { type: string; status: string }[] } }): boolean {
  return object.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
