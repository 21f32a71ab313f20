import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connect } from "../../src/control-plane/client.ts";
import { writeScale } from "../../src/control-plane/scale.ts";
import { up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { sayReady } from "./support/controllers.ts";
import { nothingRemains, objects, podsOf, replicas } from "./support/objects.ts";
import { type Team, team } from "./support/team.ts";

const plane = useControlPlane({ pools: [{ name: "cpu", count: 2 }] });
let sandbox: Sandbox;
let controllers: ReturnType<typeof sayReady>;

beforeAll(async () => {
  sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig });
  await plane().applyCrds("keda");
  controllers = sayReady(plane(), ["scaledobjects.keda.sh"]);
});
afterAll(async () => {
  await controllers?.stop();
  await sandbox?.dispose();
});

const blueprint = (more: Partial<Team> = {}) => sandbox.write("team.yaml", team({ id: "team", ...more }));
const workers = () => replicas(plane(), "team", "team-worker");
const scale = (count: number) =>
  plane().runKubectl(["scale", "deployment/team-worker", "-n", "team", `--replicas=${count}`]);

interface Planned {
  readonly steps: readonly { readonly op: string; readonly name: string }[];
}

async function plan(): Promise<string[]> {
  const { stdout } = await sandbox.run(["plan", blueprint(), "--json"]);
  return (JSON.parse(stdout) as Planned).steps.map(({ op, name }) => `${op} ${name}`);
}

test("a new workload starts with the desired replicas: no surplus pod is started", async () => {
  await up(sandbox, [blueprint({ workers: "0-9" })]);
  expect(await workers()).toBe(0);
  const pods = (await objects(plane(), "events", "-n", "team")).filter(({ metadata }) =>
    /^team-worker-/.test(metadata.name),
  );
  expect(pods.map(({ metadata }) => metadata.name)).toEqual([]);
  await up(sandbox, [blueprint(), "--target-workers", "7"]);
  expect(await workers()).toBe(5);
  expect(await podsOf(plane(), "team", "team-worker")).toHaveLength(5);
});

describe("under swarmstack", () => {
  test("an outside kubectl scale is drift: shown by plan, repaired by up", async () => {
    await scale(2);
    expect(await plan()).toEqual(["update team-worker--scale"]);
    expect((await up(sandbox, [blueprint()])).changes).toMatchObject({ update: 1 });
    expect(await workers()).toBe(5);
  });

  test("a newer desired count, written without the engine, is not drift", async () => {
    const client = await connect({ kubeconfig: plane().client().exportConfig() });
    const [deployment] = (await objects(plane(), "deployments", "-n", "team")).filter(
      ({ metadata }) => metadata.name === "team-worker",
    );
    const { uid } = JSON.parse(deployment?.metadata.annotations?.["swarmstack.dev/scale"] ?? "{}") as { uid: string };
    const name = { namespace: "team", kind: "Deployment", name: "team-worker" } as const;
    await writeScale(client, name, { uid, generation: 99, replicas: 6, max: 9, asleep: false }, true);
    expect(await plan()).toEqual([]);
    await up(sandbox, [blueprint()]);
    expect(await workers()).toBe(6);
  });
});

describe("owners change without dropping a replica", () => {
  test("swarmstack -> hpa: running pods stay, and kubectl scale survives up, also with a new image", async () => {
    await up(sandbox, [blueprint({ owner: "hpa" })]);
    expect(await workers()).toBe(6);
    await scale(8);
    await up(sandbox, [blueprint({ owner: "hpa", image: "example.com/agent:2" })]);
    expect(await workers()).toBe(8);
  });

  test("hpa -> keda -> swarmstack: running pods stay", async () => {
    await up(sandbox, [blueprint({ owner: "keda", image: "example.com/agent:2" })]);
    expect(await workers()).toBe(8);
    expect(await objects(plane(), "horizontalpodautoscalers", "-n", "team")).toEqual([]);
    await up(sandbox, [blueprint({ image: "example.com/agent:2" })]);
    expect(await workers()).toBe(8);
    expect(await objects(plane(), "scaledobjects.keda.sh", "-n", "team")).toEqual([]);
    // After the take-over a repeated up does not return to an older desired count.
    expect((await up(sandbox, [blueprint({ image: "example.com/agent:2" })])).changes.update).toBeUndefined();
    expect(await workers()).toBe(8);
  });
});

test("down leaves nothing, including PersistentVolumeClaims and their volumes", async () => {
  expect(await objects(plane(), "persistentvolumeclaims", "-n", "team")).not.toEqual([]);
  const down = await sandbox.run(["down", "team", "--yes"]);
  expect(down, down.stderr).toMatchObject({ status: 0 });
  await nothingRemains(plane(), "team", ["scaledobjects.keda.sh", "horizontalpodautoscalers"]);
  await until("no pod is left", async () => (await objects(plane(), "pods", "-A")).length === 0);
});
