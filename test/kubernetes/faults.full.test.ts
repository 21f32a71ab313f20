import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { up } from "../support/cluster.ts";
import { type Finished, Sandbox, until } from "../support/sandbox.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { nothingRemains, objects, runningAgents } from "./support/objects.ts";
import { team } from "./support/team.ts";

const plane = useControlPlane({ pools: [{ name: "cpu", count: 2 }] });
let sandbox: Sandbox;

beforeAll(() => {
  sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig });
});
afterAll(() => sandbox?.dispose());

const blueprint = (id: string, workers = "3") =>
  sandbox.write(`${id}.yaml`, team({ id, workers, keeper: false, workerDrain: "1 second" }));

/** Starts an update, and returns once it has started to create the cluster's objects. */
async function midUpdate(cluster: string): Promise<{ readonly finished: Promise<Finished> }> {
  const { child, finished } = sandbox.start(["up", blueprint(cluster), "--json"]);
  let seen = "";
  child.stdout?.on("data", (chunk: Buffer) => {
    seen += chunk.toString();
  });
  await until("something is made", () => /"phase":"done","op":"create"[^\n]*ServiceAccount/.test(seen), 60_000);
  return { finished };
}

/** The update after the fault ends as planned: no duplicates, and no message about half-created objects. */
async function endsAsPlanned(cluster: string): Promise<void> {
  await up(sandbox, [blueprint(cluster)]);
  const again = await up(sandbox, [blueprint(cluster)]);
  expect(Object.keys(again.changes)).toEqual(["same"]);
  const deployments = await objects(plane(), "deployments", "-n", cluster);
  expect(deployments.map(({ metadata, spec }) => `${metadata.name} ${spec.replicas}`).sort()).toEqual([
    `${cluster}-boss 1`,
    `${cluster}-worker 3`,
  ]);
  expect(await runningAgents(plane(), cluster)).toHaveLength(4);
  const state = readFileSync(join(sandbox.backend, ".pulumi", "stacks", "swarmstack", `${cluster}.json`), "utf8");
  expect(state).not.toContain('"pending_operations"');
}

test("the API server is killed during an update", async () => {
  const { finished } = await midUpdate("server");
  await plane().kill("kube-apiserver");
  expect(await finished).toMatchObject({ status: 1 });
  await plane().restart("kube-apiserver");
  await endsAsPlanned("server");
});

test("etcd is paused during an update", async () => {
  const { finished } = await midUpdate("etcd");
  await plane().pause("etcd");
  await expect(plane().runKubectl(["create", "namespace", "stuck", "--request-timeout=3s"])).rejects.toThrow();
  plane().resume("etcd");
  await finished;
  await endsAsPlanned("etcd");
});

test("the engine is killed during an update", async () => {
  const { finished } = await midUpdate("engine");
  process.kill(enginePid("engine"), "SIGKILL");
  expect(await finished).toMatchObject({ status: 1 });
  await endsAsPlanned("engine");
  const down = await sandbox.run(["down", "engine", "--yes"]);
  expect(down, down.stderr).toMatchObject({ status: 0 });
  await nothingRemains(plane(), "engine");
});

/** The process that holds the lock of the stack. */
function enginePid(cluster: string): number {
  const folder = join(sandbox.backend, ".pulumi", "locks", "organization", "swarmstack", cluster);
  const [name = ""] = readdirSync(folder).filter((entry) => entry.endsWith(".json"));
  return (JSON.parse(readFileSync(join(folder, name), "utf8")) as { pid: number }).pid;
}
