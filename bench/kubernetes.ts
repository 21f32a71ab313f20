import { execFile } from "node:child_process";
import { availableParallelism, totalmem } from "node:os";
import { promisify } from "node:util";
import { CoreV1Api } from "@kubernetes/client-node";
import { parseBlueprint } from "../src/blueprint/parse.ts";
import { compile } from "../src/plan/compile.ts";
import { Sandbox, until } from "../test/support/sandbox.ts";
import { type ControlPlane, isAvailable, startControlPlane } from "../tools/control-plane/control-plane.ts";
import { blueprintOf, gpuNodes, instances } from "./kubernetes/blueprint.ts";
import { peakMemory } from "./kubernetes/memory.ts";

/**
 * 1,000 agents in 50 roles on 125 simulated nodes (kwok) with 8 GPUs: seconds, peak memory and requests to the API
 * server of each operation; then the same objects by `kubectl apply --server-side`, until all run, and by
 * `kubectl delete`. The last line is the result.
 */
const cluster = "bench";
const readyWithinMs = 900_000;

interface Figure {
  readonly seconds: number;
  readonly peakMiB: number;
  readonly requests: number;
}

const figures: Record<string, Figure> = {};
const plane = await startControlPlane({
  audit: true,
  pools: [
    { name: "cpu", count: 1 },
    { name: "h100", count: gpuNodes, gpu: { name: "nvidia-h100", count: 8 } },
  ],
  onProgress: ({ message }) => console.log(message),
});
if (!isAvailable(plane)) throw new Error(plane.unavailable);
const sandbox = new Sandbox({ KUBECONFIG: plane.kubeconfig });
try {
  await bench(plane);
} finally {
  await sandbox.dispose();
  await plane.stop();
}

async function bench(plane: ControlPlane): Promise<void> {
  const text = blueprintOf();
  const begun = performance.now();
  const { blueprint } = parseBlueprint(text, { file: "bench.yaml" });
  if (blueprint === undefined) throw new Error("the blueprint of the benchmark is invalid");
  compile(blueprint, { cluster });
  const planSeconds = (performance.now() - begun) / 1000;
  const file = sandbox.write("bench.yaml", text);
  await measure(plane, "preview", () => swarmctl([0, 2], "plan", file));
  await measure(plane, "up", async () => {
    await swarmctl([0], "up", file);
    await untilRunning(plane, instances);
  });
  const objects = await objectsOf(plane);
  await measure(plane, "noChange", () => swarmctl([0], "up", file));
  sandbox.write("bench.yaml", blueprintOf(10));
  await measure(plane, "scale", async () => {
    await swarmctl([0], "up", file);
    await untilRunning(plane, instances - 10);
  });
  await measure(plane, "destroy", () => swarmctl([0], "down", cluster, "--yes"));
  const list = sandbox.write("objects.json", objects);
  await measure(plane, "kubectl", async () => {
    await kubectl(plane, "apply", "--server-side", "-f", list);
    await untilRunning(plane, instances);
  });
  await measure(plane, "kubectlDelete", async () => {
    await kubectl(plane, "delete", "--wait", "-f", list);
    await untilRunning(plane, 0);
  });
  const { up, destroy, kubectl: applied, kubectlDelete: deleted } = figures;
  const ratios = { up: ratioOf(up, applied), destroy: ratioOf(destroy, deleted) };
  const machine = { cores: availableParallelism(), gib: Math.round(totalmem() / 2 ** 30) };
  console.log(JSON.stringify({ kubernetes: { machine, planSeconds: rounded(planSeconds), ...figures, ratios } }));
}

function ratioOf(ours: Figure | undefined, other: Figure | undefined): number {
  return Math.round((100 * (ours?.seconds ?? 0)) / (other?.seconds ?? 1)) / 100;
}

async function measure(plane: ControlPlane, name: string, work: () => Promise<unknown>): Promise<void> {
  const before = requests(plane);
  const begun = performance.now();
  const [, peakMiB] = await peakMemory(sandbox.home, work);
  const figure = {
    seconds: rounded((performance.now() - begun) / 1000),
    peakMiB,
    requests: requests(plane) - before,
  };
  console.log(`${name}: ${figure.seconds} s, ${figure.peakMiB} MiB, ${figure.requests} requests`);
  figures[name] = figure;
}

/** Requests of swarmctl and kubectl, without those of controllers. */
function requests(plane: ControlPlane): number {
  return plane.requests().filter(({ user }) => user.username === "admin").length;
}

async function swarmctl(expected: readonly number[], ...args: readonly string[]): Promise<void> {
  const { status, stdout, stderr } = await sandbox.run(args);
  if (status === null || !expected.includes(status)) throw new Error(`${args.join(" ")}: ${stdout}\n${stderr}`);
}

async function kubectl(plane: ControlPlane, ...args: readonly string[]): Promise<void> {
  const env = { PATH: process.env.PATH, HOME: sandbox.home, KUBECONFIG: plane.kubeconfig };
  await promisify(execFile)(plane.kubectl, [...args], { env, maxBuffer: 2 ** 26 });
}

/** Waits until exactly this many instances with a GPU are running. */
async function untilRunning(plane: ControlPlane, wanted: number): Promise<void> {
  const api = plane.client().makeApiClient(CoreV1Api);
  const labelSelector = `swarmstack.dev/cluster=${cluster},swarmstack.dev/role`;
  await until(
    `${wanted} instances run`,
    async () => {
      const { items } = await api.listPodForAllNamespaces({ labelSelector });
      return items.length === wanted && items.every(({ status }) => status?.phase === "Running");
    },
    readyWithinMs,
  );
}

/** All objects of the stack as one list for kubectl, in the order of creation, namespaces first. */
async function objectsOf(plane: ControlPlane): Promise<string> {
  const { stdout } = await sandbox.run(["pulumi", "stack", "export", "--stack", cluster]);
  const { deployment } = JSON.parse(stdout) as { deployment: { resources: { type: string; inputs?: object }[] } };
  const made = deployment.resources.filter(({ type }) => type.startsWith("kubernetes:"));
  if (made.length === 0) throw new Error(`no object was created at ${plane.url}`);
  return JSON.stringify({ apiVersion: "v1", kind: "List", items: made.map(({ inputs }) => inputs) });
}

function rounded(seconds: number): number {
  return Math.round(10 * seconds) / 10;
}
