import { CoreV1Api } from "@kubernetes/client-node";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TaskView } from "../../src/agent-api/control/task-wire.ts";
import type { AgentRow } from "../../src/cli/clusters.ts";
import { copyCheckpoint, latestCheckpoint } from "../../src/drivers/control/checkpoint-calls.ts";
import { drain, resume, waitForDrained } from "../../src/drivers/control/directive-calls.ts";
import { addTask, cancelTask, countTasks, showTask } from "../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../src/drivers/driver.ts";
import { kubernetesDriver } from "../../src/drivers/kubernetes/kubernetes-driver.ts";
import { team } from "../support/blueprints.ts";
import { up } from "../support/cluster.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { useControlPlane } from "../support/servers/control-plane.ts";
import { useProcessNode } from "../support/servers/process-node.ts";

/** Agents that really run, as pods whose processes are on this machine. */
const plane = useControlPlane({ pools: [] });
useProcessNode(plane, { nodes: [{ name: "process-0" }], maxContainerRestartPeriod: "1s" });
let sandbox: Sandbox;
let driver: Driver;

interface Shown {
  readonly id: string;
  readonly state: string;
  readonly result?: { readonly value: unknown; readonly instance: string };
}

beforeAll(async () => {
  sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig });
  process.env.KUBECONFIG = plane().kubeconfig;
  driver = await kubernetesDriver({ context: undefined, namespace: "team", resource: "team" });
});
afterAll(async () => {
  driver?.close();
  await sandbox?.dispose();
});

const blueprint = () => sandbox.write("team.yaml", team({ id: "team", workers: "2" }));

async function rows(): Promise<AgentRow[]> {
  return (await sandbox.json<{ agents: AgentRow[] }>(["agents", "team"])).agents;
}

/** All agents have registered and wait for work. */
function idle(): Promise<AgentRow[]> {
  return until("all agents are idle", async () => {
    const agents = await rows();
    return (
      agents.length === 3 && agents.every(({ state, health }) => state === "running" && health === "idle") && agents
    );
  });
}

test("up: agents register at the agent server with the tokens of their pods", async () => {
  await up(sandbox, [blueprint(), "--target", "kubernetes"]);
  const agents = await idle();
  expect(agents.map(({ agent }) => agent)).toEqual(["boss", "worker", "worker"]);
  expect(agents[0]).toMatchObject({ name: "Boss", role: "supervisor", node: "process-0", epoch: 1, restarts: 0 });
  expect(await sandbox.json(["status", "team"])).toMatchObject({ state: "running", running: 3, wanted: 3 });
});

test("a task is answered by an agent, and the events tell of it", async () => {
  const desired = ["task", "add", '{"skill":"sum","numbers":[20,22]}', "--capability", "work", "--wait", "1m"];
  const task = await sandbox.json<Shown>(desired);
  expect(task).toMatchObject({
    state: "done",
    result: { value: 42, instance: expect.stringMatching(/^team-worker-/) },
  });
  const { stdout } = await sandbox.run(["events", "team", "--json"]);
  const kinds = stdout
    .trim()
    .split("\n")
    .map((line) => (JSON.parse(line) as { kind: string }).kind);
  expect(kinds).toEqual(expect.arrayContaining(["instance.registered", "task.added", "task.leased", "task.done"]));
});

test("exec: environment of the instance, output, exit status; logs: what it wrote", async () => {
  const [, worker] = await rows();
  const name = worker?.instance ?? "";
  const ran = await sandbox.run(["exec", name, "sh", "-c", 'echo "$SWARM_INSTANCE $SWARM_ROLE"; echo no >&2; exit 7']);
  expect(ran).toMatchObject({ status: 7, stdout: `${name} worker\n`, stderr: "no\n" });
  expect((await sandbox.run(["exec", "nobody", "true"])).stderr).toContain("SW705");
  const { logs } = await sandbox.json<{ logs: { instance: string; lines: string[] }[] }>(["logs", "worker"]);
  expect(logs).toHaveLength(2);
  for (const { instance, lines } of logs) expect(lines.join("\n")).toContain(`${instance}: alive as worker of team`);
  expect((await sandbox.run(["logs", "nobody"])).stderr).toContain(`instances: ${(await rows())[0]?.instance}`);
});

/** Gives a worker a task that takes a while. @returns who works on it */
async function keepBusy(ms: number): Promise<{ readonly id: string; readonly holder: string }> {
  const { id } = await addTask(driver, { selector: { agent: "worker" }, payload: { skill: "sleep", ms } });
  const holder = await until("somebody works on it", async () => (await showTask(driver, id)).holder?.instance);
  return { id, holder };
}

function done(id: string): Promise<TaskView> {
  return until("it is done", async () => {
    const task = await showTask(driver, id);
    return task.state === "done" && task;
  });
}

test("drain: the task in work is finished, none is taken, the state is saved and can be copied; resume brings them back", async () => {
  const { id, holder } = await keepBusy(4_000);
  await drain(driver, { agent: "worker" }, 60_000);
  const later = await addTask(driver, { selector: { agent: "worker" }, payload: { skill: "echo", text: "later" } });
  const drained = await waitForDrained(driver, { agent: "worker" }, { deadlineMs: 30_000 });
  expect(drained.map(({ health, order }) => `${health} ${order}`)).toEqual(["drained drain", "drained drain"]);
  expect(await showTask(driver, id)).toMatchObject({ state: "done", result: { value: 4_000, instance: holder } });
  expect(await showTask(driver, later.id)).toMatchObject({ state: "waiting" });

  const manifest = await latestCheckpoint(driver, holder);
  const from = { control: driver, instance: holder };
  expect(await copyCheckpoint(from, { control: driver, instance: "copy-0" })).toEqual(manifest);
  await resume(driver, { agent: "worker" });
  await done(later.id);
});

test("scaled in, those go that work on nothing", async () => {
  await up(sandbox, [sandbox.write("team.yaml", team({ id: "team", workers: "1-6" })), "--target-workers", "7"]);
  await until("all are idle", async () => {
    const agents = await rows();
    return agents.length === 7 && agents.every(({ health }) => health === "idle");
  });
  // Three tasks that outlast the scaling, on three pods of six.
  const tasks = await Promise.all([0, 1, 2].map(() => keepBusy(300_000)));
  const busy = tasks.map(({ holder }) => holder).sort();
  await until("they say so", async () => (await rows()).filter(({ health }) => health === "busy").length === 3);
  await up(sandbox, [sandbox.write("team.yaml", team({ id: "team", workers: "1-6" })), "--target-workers", "4"]);
  const workers = (await rows()).filter(({ agent }) => agent === "worker");
  expect(workers.map(({ instance }) => instance).sort()).toEqual(busy);
  for (const { id, holder } of tasks) {
    expect(await showTask(driver, id)).toMatchObject({ state: "leased", attempt: 1, holder: { instance: holder } });
    await cancelTask(driver, id);
  }
  await up(sandbox, [blueprint()]);
});

test("a pod that is deleted gives its task to another at once", async () => {
  const { id, holder } = await keepBusy(6_000);
  const core = plane().client().makeApiClient(CoreV1Api);
  await core.deleteNamespacedPod({ namespace: "team", name: holder, gracePeriodSeconds: 0 });
  const { result, attempt } = await done(id);
  expect({ attempt, other: result?.instance !== holder }).toEqual({ attempt: 2, other: true });
});

test("the agent server is killed: lives, tasks and orders are as they were, nobody registers anew", async () => {
  const before = await idle();
  const counted = await countTasks(driver);
  const core = plane().client().makeApiClient(CoreV1Api);
  const { items } = await core.listNamespacedPod({ namespace: "team", labelSelector: "swarmstack.dev/part=api" });
  await core.deleteNamespacedPod({ namespace: "team", name: items[0]?.metadata?.name ?? "", gracePeriodSeconds: 0 });
  await until(
    "another pod serves",
    async () => {
      const found = await core.listNamespacedPod({ namespace: "team", labelSelector: "swarmstack.dev/part=api" });
      const [pod] = found.items;
      return (
        pod?.metadata?.uid !== items[0]?.metadata?.uid && pod?.status?.containerStatuses?.every(({ ready }) => ready)
      );
    },
    60_000,
  );
  const after = await idle();
  const lives = (agents: readonly AgentRow[]) => agents.map(({ instance, epoch }) => `${instance} ${epoch}`);
  expect(lives(after)).toEqual(lives(before));
  expect(await countTasks(driver)).toEqual(counted);
});

test("down leaves nothing in the namespace", async () => {
  const down = await sandbox.run(["down", "team", "--yes"]);
  expect(down, down.stdout + down.stderr).toMatchObject({ status: 0 });
  const core = plane().client().makeApiClient(CoreV1Api);
  await until("the namespace is gone", async () => {
    const { items } = await core.listNamespace();
    return items.every(({ metadata }) => metadata?.name !== "team");
  });
});
