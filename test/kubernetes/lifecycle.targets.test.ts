import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { up } from "../support/cluster.ts";
import { Sandbox } from "../support/sandbox.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { sayReady } from "./support/controllers.ts";
import { nothingRemains, objects, runningAgents } from "./support/objects.ts";

const h100 = { name: "nvidia-h100", count: 8 } as const;
const plane = useControlPlane({
  pools: [
    { name: "cpu", count: 2 },
    // Nodes as Karpenter creates them for the pool, and nodes of the same kind outside the pool.
    { name: "pool", count: 1, gpu: h100, labels: { "swarmstack.dev/gpu-pool": "gpu-inference-h100" } },
    { name: "other", count: 1, gpu: h100 },
    { name: "slices", count: 1, gpu: { name: "nvidia-a100-80gb", count: 8, mig: { "1g.10gb": 56 } } },
  ],
});
let sandbox: Sandbox;
let controllers: ReturnType<typeof sayReady>;

beforeAll(async () => {
  sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig, HF_TOKEN: "token-of-the-test" });
  await plane().applyCrds("karpenter");
  controllers = sayReady(plane(), ["nodepools.karpenter.sh"]);
});
afterAll(async () => {
  await controllers?.stop();
  await sandbox?.dispose();
});

const marketing = (name: string) => ["marketing", "--name", name, "--target", "kubernetes"];

async function nodesOf(cluster: string): Promise<Record<string, string[]>> {
  const nodes: Record<string, string[]> = {};
  for (const { metadata, spec } of await objects(plane(), "pods", "-n", cluster)) {
    const agent =
      metadata.labels?.["swarmstack.dev/agent"] ?? metadata.labels?.["swarmstack.dev/part"] ?? metadata.name;
    nodes[agent] = [...new Set([...(nodes[agent] ?? []), spec.nodeName ?? "none"])].sort();
  }
  return nodes;
}

test("two clusters of one blueprint run side by side, each with its own objects", async () => {
  await Promise.all([up(sandbox, marketing("one")), up(sandbox, marketing("two"))]);
  for (const cluster of ["one", "two"]) {
    const pods = await runningAgents(plane(), cluster);
    expect(pods.map(({ metadata }) => metadata.labels?.["swarmstack.dev/cluster"])).toEqual([
      cluster,
      cluster,
      cluster,
    ]);
  }
});

test("up again changes nothing, also without the option that chose the target", async () => {
  expect(Object.keys((await up(sandbox, ["marketing", "--name", "one"])).changes)).toEqual(["same"]);
  expect((await sandbox.run(["plan", "marketing", "--name", "two"])).status).toBe(0);
});

test("a bare `pulumi up` changes nothing either", async () => {
  const door = { SWARM_BLUEPRINT: "blueprints/marketing.yaml" };
  const up = ["pulumi", "up", "--stack", "one", "--yes", "--non-interactive", "--expect-no-changes"];
  const done = await sandbox.run(up, door);
  expect(done, done.stdout + done.stderr).toMatchObject({ status: 0 });
});

test("another target is refused with the location of the cluster", async () => {
  const refused = await sandbox.run(["up", "marketing", "--name", "one", "--target", "local"]);
  expect(refused).toMatchObject({ status: 1, stderr: expect.stringMatching(/SW610 .*runs on kubernetes \(context/) });
});

test("a changed size does not affect the other cluster", async () => {
  await up(sandbox, ["marketing", "--name", "one", "--target-workers", "9"]);
  const running = async (cluster: string) => (await runningAgents(plane(), cluster)).length;
  expect([await running("one"), await running("two")]).toEqual([9, 3]);
});

test("agents with GPUs run on the nodes of their pool, the others on nodes without", async () => {
  await up(sandbox, ["gpu-inference", "--target-workers", "9"]);
  expect(await nodesOf("gpu-inference")).toEqual({
    "gpu-inference-large-model": ["pool-0"],
    "gpu-inference-small-model": ["slices-0"],
    "gpu-inference-router": [expect.stringMatching(/^cpu-/)],
    "gpu-inference-scheduler": [expect.stringMatching(/^cpu-/)],
    egress: expect.not.arrayContaining([expect.not.stringMatching(/^cpu-/)]),
    api: [expect.stringMatching(/^cpu-/)],
  });
});

test("an agent that fits on no node is refused at plan time with the numbers", async () => {
  const large = sandbox.write(
    "large.yaml",
    `metadata: { id: large, name: Large, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 4, target: kubernetes }
gpu_pools: [{ name: h100, gpu: nvidia-h100, gpus_per_node: 16, nodes: 1-2 }]
agents:
  - { role: worker, name: Giant, count: 1, capabilities: [a], resources: { gpu: 16, gpu_pool: h100 } }
`,
  );
  const refused = await sandbox.run(["plan", large]);
  expect(refused.status).toBe(1);
  expect(refused.stderr).toMatch(/SW608 .*"Giant" fits on no node of pool "h100": it asks for 16 nvidia.com\/gpu/);
  expect(refused.stderr).toContain("the most that one of 2 has is 8 nvidia.com/gpu");
});

describe("enforcement by the server", () => {
  const may = async (account: string, verb: string, resource: string) =>
    await plane()
      .runKubectl(["auth", "can-i", verb, resource, "-n", "one", `--as=system:serviceaccount:one:${account}`])
      .then(
        (text) => text.trim(),
        () => "no",
      );

  test.each([
    { account: "one--supervisor", list: "yes" },
    { account: "one--lead", list: "yes" },
    { account: "one--specialist", list: "no" },
    { account: "one--worker", list: "no" },
  ])("$account may list pods: $list; and neither changes nor reads secrets", async ({ account, list }) => {
    expect(await may(account, "list", "pods")).toBe(list);
    const more = [
      ["get", "secrets"],
      ["delete", "pods"],
      ["create", "pods/exec"],
      ["patch", "deployments"],
      ["list", "nodes"],
      ["create", "rolebindings"],
    ];
    expect(await Promise.all(more.map(([verb = "", resource = ""]) => may(account, verb, resource)))).toEqual(
      more.map(() => "no"),
    );
  });

  const pod = (name: string, container: object, spec: object = {}, namespace = "one") => ({
    apiVersion: "v1",
    kind: "Pod",
    metadata: { name, namespace },
    spec: {
      securityContext: { runAsNonRoot: true, runAsUser: 1000, seccompProfile: { type: "RuntimeDefault" } },
      containers: [
        {
          name: "a",
          image: "a",
          securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
          ...container,
        },
      ],
      ...spec,
    },
  });

  test.each([
    { title: "privileged", object: pod("p", { securityContext: { privileged: true } }), words: /violates PodSecurity/ },
    {
      title: "host path",
      object: pod("p", {}, { volumes: [{ name: "h", hostPath: { path: "/" } }] }),
      words: /violates PodSecurity.*hostPath/,
    },
    { title: "as root", object: pod("p", {}, { securityContext: { runAsUser: 0 } }), words: /violates PodSecurity/ },
    {
      title: "over the quota",
      object: pod("p", { resources: { limits: { "nvidia.com/gpu": "100" } } }, {}, "gpu-inference"),
      words: /exceeded quota: gpu-inference--quota/,
    },
  ])("$title is refused", async ({ object, words }) => {
    const refused = plane().runKubectl(["create", "--dry-run=server", "-f", "-"], JSON.stringify(object));
    await expect(refused).rejects.toThrow(words);
  });
});

test("down leaves nothing of its cluster, and does not touch the other", async () => {
  const down = async (name: string) => {
    const { status, stderr } = await sandbox.run(["down", name, "--yes"]);
    expect(status, stderr).toBe(0);
    await nothingRemains(plane(), name, ["nodepools.karpenter.sh"]);
  };
  await Promise.all([down("one"), down("gpu-inference")]);
  expect(await runningAgents(plane(), "two")).toHaveLength(3);
  await down("two");
});
