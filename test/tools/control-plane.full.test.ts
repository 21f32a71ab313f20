import { spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { join } from "node:path";
import {
  AuthenticationV1Api,
  AuthorizationV1Api,
  CoreV1Api,
  type KubeConfig,
  type V1Pod,
} from "@kubernetes/client-node";
import { describe, expect, test } from "vitest";
import { poll } from "../../src/platform/wait.ts";
import { isAvailable, startControlPlane } from "../../tools/control-plane/control-plane.ts";
import { readNodePools } from "../../tools/control-plane/node-pools.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { claim, deployment } from "./pods.ts";
import { processesOf, startedBy } from "./started-by.ts";

const pools = readNodePools(`
pools:
  - { name: cpu, count: 2 }
  - { name: h100, count: 1, gpu: { name: nvidia-h100, count: 8 } }
  - { name: sliced, count: 1, gpu: { name: nvidia-a100-80gb, count: 1, mig: { 1g.10gb: 7 } } }
  - { name: late, count: 1, startUpMs: 2000, labels: { swarmstack.dev/late: "yes" } }
`);

const plane = useControlPlane({ pools, audit: true });

const core = (config: KubeConfig = plane().client()): CoreV1Api => config.makeApiClient(CoreV1Api);

async function podsOf(app: string): Promise<readonly V1Pod[]> {
  return (await core().listNamespacedPod({ namespace: "default", labelSelector: `app=${app}` })).items;
}

/** Waits until so many pods of a Deployment run, and returns their nodes. */
async function running(app: string, count: number): Promise<readonly string[]> {
  let pods: readonly V1Pod[] = [];
  const found = await poll(
    async () => {
      pods = await podsOf(app);
      const up = pods.filter(({ status }) => status?.phase === "Running");
      return up.length === count ? up.map(({ spec }) => spec?.nodeName ?? "") : undefined;
    },
    { deadlineMs: 60_000, intervalMs: 100 },
  );
  if (found === undefined) throw new Error(`${app}: ${JSON.stringify(pods.map(({ status }) => status))}`);
  return found;
}

function until(question: () => Promise<boolean>): Promise<true | undefined> {
  return poll(async () => (await question()) || undefined, { deadlineMs: 60_000, intervalMs: 100 });
}

const tolerations = [{ key: "nvidia.com/gpu", operator: "Exists", effect: "NoSchedule" }];

describe("nodes", () => {
  test("pods without a GPU run on the CPU nodes, and pods with one on the GPU node", async () => {
    await plane().apply([deployment("plain", 6), deployment("gpu", 8, { tolerations }, 1)]);
    expect(new Set(await running("plain", 6))).toEqual(new Set(["cpu-0", "cpu-1"]));
    expect(new Set(await running("gpu", 8))).toEqual(new Set(["h100-0"]));
  });

  test("a pod that asks for a GPU more than there is stays pending, with the reason", async () => {
    await plane().apply([deployment("ninth", 1, { tolerations }, 1)]);
    const told = await until(async () => {
      const [pod] = await podsOf("ninth");
      const message = pod?.status?.conditions?.find(({ type }) => type === "PodScheduled")?.message ?? "";
      return message.includes("Insufficient nvidia.com/gpu");
    });
    expect(told).toBe(true);
  });

  test("slices are a resource of their own", async () => {
    const { status } = await core().readNode({ name: "sliced-0" });
    expect(status?.allocatable).toMatchObject({ "nvidia.com/mig-1g.10gb": "7" });
    expect(status?.allocatable).not.toHaveProperty("nvidia.com/gpu");
  });

  test("a node that starts late takes pods once it is ready", async () => {
    const { metadata } = await core().readNode({ name: "late-0" });
    await plane().apply([deployment("late", 1, { nodeSelector: { "swarmstack.dev/late": "yes" } })]);
    expect(await running("late", 1)).toEqual(["late-0"]);
    const { status } = await core().readNode({ name: "late-0" });
    const ready = status?.conditions?.find(({ type }) => type === "Ready");
    const startUpMs = Number(ready?.lastTransitionTime) - Number(metadata?.creationTimestamp);
    expect(startUpMs).toBeGreaterThanOrEqual(1000);
  });
});

describe("volumes", () => {
  test("a claim is bound, and its volume goes with it", async () => {
    await plane().apply([claim("shared")]);
    const read = () => core().readNamespacedPersistentVolumeClaim({ name: "shared", namespace: "default" });
    expect(await until(async () => (await read()).status?.phase === "Bound")).toBe(true);
    await core().deleteNamespacedPersistentVolumeClaim({ name: "shared", namespace: "default" });
    expect(await until(async () => (await core().listPersistentVolume()).items.length === 0)).toBe(true);
  });

  test("a claim of the class that waits is bound when a pod uses it", async () => {
    await plane().apply([claim("waiting", "standard-wait")]);
    const volumes = [{ name: "waiting", persistentVolumeClaim: { claimName: "waiting" } }];
    await plane().apply([deployment("user", 1, { volumes })]);
    expect(await running("user", 1)).toHaveLength(1);
    const { status } = await core().readNamespacedPersistentVolumeClaim({ name: "waiting", namespace: "default" });
    expect(status?.phase).toBe("Bound");
  });
});

describe("who may do what", () => {
  test("a user without a role may not read pods", async () => {
    const kubeconfig = await plane().kubeconfigOf("stranger", ["nobody"]);
    const attempt = core(plane().client(kubeconfig)).listNamespacedPod({ namespace: "default" });
    await expect(attempt).rejects.toMatchObject({ code: 403 });
  });

  test("a ServiceAccount is who its token says", async () => {
    const kubeconfig = await plane().kubeconfigOfServiceAccount("default", "default");
    const api = plane().client(kubeconfig).makeApiClient(AuthenticationV1Api);
    const { status } = await api.createSelfSubjectReview({ body: {} });
    expect(status?.userInfo?.username).toBe("system:serviceaccount:default:default");
  });

  test("a token for the audience swarmstack is reviewed for it, and opens no API server", async () => {
    const body = { spec: { audiences: ["swarmstack"], expirationSeconds: 600 } };
    const issued = await core().createNamespacedServiceAccountToken({ name: "default", namespace: "default", body });
    const token = issued.status?.token ?? "";
    const review = async (audiences: string[]) => {
      const api = plane().client().makeApiClient(AuthenticationV1Api);
      return (await api.createTokenReview({ body: { spec: { token, audiences } } })).status;
    };
    expect(await review(["swarmstack"])).toMatchObject({ authenticated: true, audiences: ["swarmstack"] });
    expect((await review(["other"]))?.authenticated).not.toBe(true);
    expect((await review([]))?.authenticated).not.toBe(true);
  });

  test("the scheduler has no more than its role", async () => {
    const api = plane().client(join(plane().folder, "kubeconfig/kube-scheduler")).makeApiClient(AuthorizationV1Api);
    const resourceAttributes = { verb: "list", resource: "secrets" };
    const { status } = await api.createSelfSubjectAccessReview({ body: { spec: { resourceAttributes } } });
    expect(status?.allowed).toBe(false);
  });
});

describe("parts", () => {
  test("the API server comes back on its address, with its data", async () => {
    await plane().kill("kube-apiserver");
    await expect(core().listNode()).rejects.toThrow();
    await plane().restart("kube-apiserver");
    expect((await core().listNode()).items).toHaveLength(5);
  });

  test("a paused etcd holds a write up until it goes on", async () => {
    await plane().pause("etcd");
    const body = { metadata: { name: "held-up" } };
    const write = core().createNamespace({ body });
    const first = await Promise.race([write, new Promise((resolve) => setTimeout(resolve, 1_000, "held up"))]);
    plane().resume("etcd");
    expect(first).toBe("held up");
    expect((await write).metadata?.name).toBe("held-up");
  });

  test("requests are counted, by who made them", () => {
    const own = plane()
      .requests()
      .filter(({ verb, objectRef }) => verb === "create" && objectRef?.resource === "nodes");
    expect(own.map(({ objectRef }) => objectRef?.name).sort()).toEqual([
      "cpu-0",
      "cpu-1",
      "h100-0",
      "late-0",
      "sliced-0",
    ]);
  });
});

test("kubectl works, and is of the server's version", async () => {
  const child = spawn(plane().kubectl, ["version", "--output=json", `--kubeconfig=${plane().kubeconfig}`]);
  let output = "";
  for await (const chunk of child.stdout) output += String(chunk);
  const { clientVersion, serverVersion } = JSON.parse(output);
  expect(clientVersion.gitVersion).toBe("v1.36.3");
  expect(serverVersion.gitVersion).toBe("v1.36.3");
});

test("a second control plane is another world, and nothing of it is left after its stop", async () => {
  const other = await startControlPlane();
  if (!isAvailable(other)) throw new Error(other.unavailable);
  try {
    expect((await core(other.client()).listNode()).items).toEqual([]);
    expect((await core().listNode()).items).toHaveLength(5);
  } finally {
    await other.stop();
  }
  expect(existsSync(other.folder)).toBe(false);
  expect(processesOf(other.folder)).toEqual([]);
});

test("nothing is left when the starter is killed with -9", async () => {
  const { starter, folder } = await startedBy("control-plane-starter.ts");
  expect(processesOf(folder).length).toBeGreaterThanOrEqual(5);
  starter.kill("SIGKILL");
  const gone = await until(async () => !existsSync(folder) && processesOf(folder).length === 0);
  expect(gone).toBe(true);
});
