import type { CheckpointManifest } from "../../../src/agent-api/checkpoints/manifest.ts";
import type { AgentRow } from "../../../src/cli/clusters.ts";
import { latestCheckpoint } from "../../../src/drivers/control/checkpoint-calls.ts";
import { addTask, showTask } from "../../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { type Finished, type Sandbox, until } from "../sandbox.ts";
import { type OnFinished, type Stops, type Target, uniqueName } from "./target.ts";

export interface ClusterOptions {
  /** A number or a range, as in the blueprint. */
  readonly workers: string;
  /** Longest time that a worker has to end. Default "5 seconds". */
  readonly drain?: string;
  /** A script of Node.js that workers run in place of the reference agent. */
  readonly script?: string;
  /** It is not brought up yet. */
  readonly isPlanned?: boolean;
}

/** A cluster of a boss and workers with state, on some target, in a home folder of its own. */
export interface TestCluster {
  readonly name: string;
  readonly blueprint: string;
  readonly sandbox: Sandbox;
  readonly driver: () => Promise<Driver>;
  /** What the target calls an instance. */
  readonly instance: (agent: string, ordinal: number) => string;
  /** What of the cluster runs now, by whatever the target calls it: processes, containers, pods. */
  readonly running: () => Promise<readonly string[]>;
  /** The instances that are told to end from now on, where the cluster's own events do not tell of them. */
  readonly stops?: () => Promise<Stops>;
}

/** A cluster of a boss and workers, in a home folder of its own, brought up unless it is only planned. */
export async function clusterOn(target: Target, onFinished: OnFinished, options: ClusterOptions): Promise<TestCluster> {
  const { sandbox, driver, running, stops } = target.home(onFinished);
  const name = uniqueName("team");
  const { script, isPlanned = false } = options;
  const command = script === undefined ? undefined : [target.node, "--input-type=module", "-e", script];
  const blueprint = sandbox.write("team.yaml", blueprintOf(name, options, { target: target.name, command }));
  const cluster: TestCluster = {
    ...{ name, blueprint, sandbox },
    instance: (agent, ordinal) => target.instance(name, agent, ordinal),
    driver: () => driver(name),
    running: () => running(name),
    ...(stops && { stops: () => stops(name) }),
  };
  if (!isPlanned) await swarmctl(cluster, "up", blueprint);
  return cluster;
}

interface Place {
  /** As the blueprint names it: a kind, or a map. Default "local". */
  readonly target?: string;
  /** What workers run in place of the reference agent. */
  readonly command: readonly string[] | undefined;
}

export function blueprintOf(
  id: string,
  { workers, drain = "5 seconds" }: ClusterOptions,
  { target = "local", command }: Place,
): string {
  return `metadata: { id: ${id}, name: Test Team, version: 1.0.0 }
cluster: { type: standard, min_workers: 1, max_workers: 100, target: ${target} }
agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination], state: { size: 16Mi, path: /state } }
  - role: worker
    name: Worker
    count: ${workers}
    reports_to: supervisor
    capabilities: [work]
    state: { size: 16Mi, path: /state }
    drain: ${drain}
${command === undefined ? "" : `    command: ${JSON.stringify(command)}\n`}`;
}

export interface Status {
  readonly status: string;
  readonly state: string;
  readonly reason?: string;
  readonly blueprint: { readonly version: string };
  readonly generation: number;
  readonly counts: Readonly<Record<string, number>>;
  readonly operation?: { readonly id: string };
}

export const statusOf = ({ sandbox, name }: TestCluster) => sandbox.json<Status>(["status", name]);

export interface OperationRow {
  readonly id: string;
  readonly kind: string;
  readonly status: string;
  readonly error: { readonly message: string } | null;
}

/** Newest first. */
export async function operationsOf({ sandbox }: TestCluster): Promise<readonly OperationRow[]> {
  return (await sandbox.json<{ operations: OperationRow[] }>(["ops", "list"])).operations;
}

export async function stepsOf({ sandbox }: TestCluster, id: string): Promise<Readonly<Record<string, string>>> {
  const { steps } = await sandbox.json<{ steps: { name: string; status: string }[] }>(["ops", "show", id]);
  return Object.fromEntries(steps.map(({ name, status }) => [name, status]));
}

/** What a step of an operation has recorded. */
export async function detailOf<Detail>({ sandbox }: TestCluster, id: string, step: string): Promise<Detail> {
  const { steps } = await sandbox.json<{ steps: { name: string; detail: Detail }[] }>(["ops", "show", id]);
  const found = steps.find(({ name }) => name === step);
  if (found === undefined) throw new Error(`operation ${id} has no step ${step}`);
  return found.detail;
}

/** A command that must succeed. */
export async function swarmctl({ sandbox }: TestCluster, ...args: string[]): Promise<Finished> {
  const finished = await sandbox.run(args);
  if (finished.status !== 0) throw new Error(`swarmctl ${args.join(" ")}: ${finished.stdout}\n${finished.stderr}`);
  return finished;
}

/** The engine's own command line on the cluster's stack. */
export function pulumi({ sandbox, name, blueprint }: TestCluster, ...args: string[]): Promise<Finished> {
  return sandbox.run(["pulumi", ...args, "--stack", name, "--non-interactive"], { SWARM_BLUEPRINT: blueprint });
}

export async function agentsOf({ sandbox, name }: TestCluster): Promise<readonly AgentRow[]> {
  return (await sandbox.json<{ agents: AgentRow[] }>(["agents", name])).agents;
}

/** Gives the workers so many small tasks, and waits until all are done: so each has something to remember. */
export async function teach(cluster: TestCluster, tasks: number): Promise<void> {
  const driver = await cluster.driver();
  const ids = await Promise.all(
    Array.from({ length: tasks }, async (_, number) => {
      const payload = { skill: "sum", numbers: [number, 1] };
      return (await addTask(driver, { selector: { agent: "worker" }, payload })).id;
    }),
  );
  for (const id of ids) {
    await until(`task ${id} is done`, async () => (await showTask(driver, id)).state === "done", 60_000);
  }
}

/** Root hash of the last checkpoint of each instance that has one. */
export async function rootsOf(cluster: TestCluster): Promise<Readonly<Record<string, string>>> {
  const driver = await cluster.driver();
  const roots: Record<string, string> = {};
  for (const { instance } of await agentsOf(cluster)) {
    const found: CheckpointManifest | undefined = await latestCheckpoint(driver, instance).catch(() => undefined);
    if (found !== undefined) roots[instance] = found.root;
  }
  return roots;
}
