import { AppsV1Api, CoreV1Api, CustomObjectsApi, type KubernetesObject, type V1Node } from "@kubernetes/client-node";
import { beforeAll, describe, expect, test } from "vitest";
import { awsInstances } from "../../src/catalog/aws-instances.ts";
import { findGpu } from "../../src/catalog/gpus.ts";
import { poll } from "../../src/runtime/wait.ts";
import { type InstanceOffer, karpenter, kwokNodeClass, startKarpenter } from "../../tools/control-plane/karpenter.ts";
import { runPlan } from "../components/mock-stack.ts";
import { plantSecrets } from "../components/planted.ts";
import { compileSample, sampleNamed } from "../components/shipped.ts";
import { useControlPlane } from "../support/control-plane.ts";

const minute = 60_000;
const namespace = "gpu-inference";
const largeModel = "gpu-inference-large-model";
const [base, spot, ...fallbacks] = ["base", "spot-nvidia-h100", "spot-nvidia-h200", "spot-nvidia-a100-80gb"].map(
  (part) => `gpu-inference-h100-${part}`,
);

const plane = useControlPlane({ pools: [{ name: "cpu", count: 2 }] });

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

beforeAll(async () => {
  plantSecrets();
  const missing = await startKarpenter(plane(), offers());
  if (missing !== undefined) throw new Error(missing.unavailable);
  const objects = await emitted();
  await plane().apply(objects.filter(({ kind }) => kind === "Namespace"));
  await plane().apply(objects);
});

/** What the component makes of the shipped blueprint. Two things are the test's own: the class of nodes, and the wait. */
async function emitted(): Promise<readonly KubernetesObject[]> {
  const sample = sampleNamed("gpu-inference");
  const compiled = compileSample(sample, "kubernetes");
  if ("refused" in compiled) throw new Error(compiled.refused.join());
  const { resources } = await runPlan(compiled.plan, { folder: sample.folder });
  return resources
    .filter(({ type, inputs }) => type.startsWith("kubernetes:") && typeof inputs.kind === "string")
    .map(({ inputs }) => adapted(structuredClone(inputs)));
}

// biome-ignore lint/suspicious/noExplicitAny: objects of many kinds
function adapted(object: any): KubernetesObject {
  if (object.kind === "Secret") object.stringData = { HF_TOKEN: "token" };
  if (object.kind === "NodePool") {
    object.spec.template.spec.nodeClassRef = kwokNodeClass;
    object.spec.disruption.consolidateAfter = "10s";
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

  test("the first pods get one node, always on demand, and no more than they need", async () => {
    await scale(2);
    await running(ofLargeModel, 2);
    expect(await poolsOfNodes()).toEqual([base]);
    const [node] = await gpuNodes();
    expect(node?.metadata?.labels).toMatchObject({
      "karpenter.sh/capacity-type": "on-demand",
      "node.kubernetes.io/instance-type": "p5.48xlarge",
      "swarmstack.dev/gpu-pool": "gpu-inference-h100",
    });
    expect(node?.spec?.taints).toEqual([{ effect: "NoSchedule", key: "nvidia.com/gpu", value: "true" }]);
  });

  test("the rest of a full cluster is on spot nodes of the same GPU", async () => {
    await scale(8);
    await running(ofLargeModel, 8);
    expect(await poolsOfNodes()).toEqual([base, spot, spot, spot]);
  });
});

function isReady(object: { status?: { conditions?: readonly { type: string; status: string }[] } }): boolean {
  return object.status?.conditions?.some(({ type, status }) => type === "Ready" && status === "True") ?? false;
}
void fallbacks;
