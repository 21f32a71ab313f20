import { afterAll, beforeAll, expect, test } from "vitest";
import type { AuditedRequest } from "../../tools/control-plane/audit.ts";
import { sayReady } from "../kubernetes/support/controllers.ts";
import { objects, podsOf } from "../kubernetes/support/objects.ts";
import { up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { useProcessNode } from "../support/servers/process-node.ts";

const plane = useControlPlane({ audit: true });
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });
let sandbox: Sandbox;
let controllers: ReturnType<typeof sayReady>;

beforeAll(async () => {
  sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig });
  await plane().applyCrds("keda");
  await plane().applyCrds("karpenter");
  controllers = sayReady(plane(), ["scaledobjects.keda.sh", "nodepools.karpenter.sh"]);
});
afterAll(async () => {
  await controllers?.stop();
  await sandbox?.dispose();
});

const blueprint = `metadata: { id: team, name: Test Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 20, target: kubernetes }
gpu_pools:
  - { name: h100, gpu: nvidia-h100, gpus_per_node: 8, nodes: 0-2, spot: { fallback: [], base_on_demand: 1 } }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination], state: { size: 16Mi, path: /state } }
  - role: worker
    name: Hand
    count: 1-4
    reports_to: supervisor
    capabilities: [work]
    drain: 5 seconds
    resources: { cpu: 100m }
    scaling: { owner: hpa, metric: load_percentage, scale_up_threshold: 80, scale_down_threshold: 20 }
  - role: worker
    name: Puller
    count: 0-4
    reports_to: supervisor
    capabilities: [pull]
    drain: 5 seconds
    scaling: { owner: keda, metric: task_queue_length, scale_up_threshold: 10, scale_down_threshold: 2 }
  - role: worker
    name: Model
    count: 0-2
    reports_to: supervisor
    capabilities: [inference]
    drain: 5 seconds
    resources: { gpu: 1, gpu_pool: h100 }
`;

/** Roles of the API server's objects in a hibernation: autoscalers, workloads and dependencies of pods. */
const parts: Readonly<Record<string, string>> = {
  "horizontalpodautoscalers team-hand": "hpa",
  "scaledobjects team-puller": "keda",
  "statefulsets team-boss--0": "boss",
  "deployments team-hand": "hand",
  "deployments team-puller": "puller",
  "deployments team-model": "model",
  "statefulsets team--api": "server",
  "nodepools team-h100-base": "base nodes",
  "nodepools team-h100-spot-nvidia-h100": "spot nodes",
};
const [counts, pools] = [
  ["boss", "hand", "puller", "model"],
  ["base nodes", "spot nodes"],
];

/** Runs a command and returns the parts that it wrote, in the order of the API server's responses. */
async function writtenBy(...args: string[]): Promise<readonly string[]> {
  const before = plane().requests().length;
  const finished = await sandbox.run(args);
  expect(finished, finished.stderr).toMatchObject({ status: 0 });
  return plane().requests().slice(before).flatMap(partOf);
}

function partOf({ verb, requestURI, objectRef, responseStatus, user }: AuditedRequest): readonly string[] {
  const isOurs = user.username === "admin" && verb === "patch" && responseStatus.code < 300;
  if (!isOurs || requestURI.includes("dryRun=All") || objectRef === undefined) return [];
  const part = parts[`${objectRef.resource} ${objectRef.name}`];
  return part === undefined ? [] : [part];
}

const lastOf = (order: readonly string[], names: readonly string[]) =>
  Math.max(...names.map((name) => order.lastIndexOf(name)));
const firstOf = (order: readonly string[], names: readonly string[]) =>
  Math.min(...names.map((name) => order.indexOf(name)));

/** Each group is present and complete before the first object of the next one. */
function expectInOrder(order: readonly string[], ...groups: readonly (readonly string[])[]): void {
  expect(order).toEqual(expect.arrayContaining(groups.flat()));
  for (const [index, group] of groups.slice(1).entries()) {
    const before = groups[index] ?? [];
    expect(lastOf(order, before), `${before} before ${group} in ${order}`).toBeLessThan(firstOf(order, group));
  }
}

async function annotations(kind: string, name: string): Promise<Readonly<Record<string, string>>> {
  const found = (await objects(plane(), kind, "-n", "team")).find(({ metadata }) => metadata.name === name);
  return found?.metadata.annotations ?? {};
}

async function specs(kind: string): Promise<readonly unknown[]> {
  return (await objects(plane(), kind, "-n", "team")).map(({ spec }) => spec);
}

const scaled = async (deployment: string, count: number) => {
  await plane().runKubectl(["scale", `deployment/${deployment}`, "-n", "team", `--replicas=${count}`]);
  await until(`${count} of ${deployment} run`, async () => {
    const pods = await podsOf(plane(), "team", deployment);
    return pods.length === count && pods.every(({ status }) => status?.phase === "Running");
  });
};

test("hibernation pauses autoscalers, then scales workloads to zero, then removes the server and nodes; reactivation in reverse", async () => {
  await up(sandbox, [sandbox.write("team.yaml", blueprint)]);
  // As the autoscalers do, without a change of the desired state.
  await scaled("team-hand", 3);
  await scaled("team-puller", 2);

  const asleep = await writtenBy("hibernate", "team");
  console.log(`hibernate writes: ${asleep.join(", ")}`);
  expectInOrder(asleep, ["hpa"], counts, ["server"], pools);
  expect(asleep.indexOf("keda")).toBeLessThan(firstOf(asleep, counts));
  expectInOrder(asleep, ["keda"], ["puller"]);
  expect(await objects(plane(), "pods", "-n", "team")).toEqual([]);
  expect(await annotations("scaledobjects.keda.sh", "team-puller")).toMatchObject({
    "autoscaling.keda.sh/paused": "true",
    "autoscaling.keda.sh/paused-replicas": "0",
  });
  const standstill = { scaleUp: { selectPolicy: "Disabled" }, scaleDown: { selectPolicy: "Disabled" } };
  expect(await specs("horizontalpodautoscalers")).toMatchObject([{ behavior: standstill }]);
  const noNodes = { limits: { "nvidia.com/gpu": "0" } };
  expect(await specs("nodepools.karpenter.sh")).toMatchObject([noNodes, noNodes]);
  const desired = { boss: 1, hand: 3, puller: 2, model: 0 };
  expect(await sandbox.json(["status", "team"])).toMatchObject({ state: "hibernated", counts: desired });
  expect(await objects(plane(), "persistentvolumeclaims", "-n", "team")).toHaveLength(2);

  // A manual scale of a hibernated workload is reverted.
  await plane().runKubectl(["scale", "deployment/team-hand", "-n", "team", "--replicas=1"]);
  const bare = ["pulumi", "up", "--yes", "--stack", "team", "--non-interactive"];
  const door = { SWARM_BLUEPRINT: sandbox.write("team.yaml", blueprint) };
  const repaired = await sandbox.run(bare, door);
  expect(repaired, repaired.stdout + repaired.stderr).toMatchObject({ status: 0 });
  expect(await objects(plane(), "pods", "-n", "team")).toEqual([]);

  const awake = await writtenBy("reactivate", "team");
  console.log(`reactivate writes: ${awake.join(", ")}`);
  expectInOrder(awake, pools, ["server"], ["boss"], ["hand", "puller", "model"], ["hpa"]);
  // KEDA releases its replicas before the engine writes them, and its pause at the end.
  expect(awake.indexOf("keda")).toBeLessThan(awake.indexOf("puller"));
  expect(awake.lastIndexOf("keda")).toBeGreaterThan(lastOf(awake, counts));
  expect(await sandbox.json(["status", "team"])).toMatchObject({ state: "running", running: 6, counts: desired });
  expect(await annotations("scaledobjects.keda.sh", "team-puller")).not.toHaveProperty("autoscaling.keda.sh/paused");
  expect(JSON.stringify(await specs("horizontalpodautoscalers"))).not.toContain("Disabled");

  const unchanged = await sandbox.run([...bare, "--expect-no-changes"], door);
  expect(unchanged, unchanged.stdout + unchanged.stderr).toMatchObject({ status: 0 });
  expect((await sandbox.run(["down", "team", "--yes"])).status).toBe(0);
});
