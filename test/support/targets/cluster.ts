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
  /** Grace period of a worker. Default: "5 seconds". */
  readonly drain?: string;
  /** Node.js script of the workers, instead of the reference agent. */
  readonly script?: string;
  /** Whether to skip the first `up`. */
  readonly isPlanned?: boolean;
}

/** A cluster of a boss and stateful workers on a target, in a separate home folder. */
export interface TestCluster {
  readonly name: string;
  readonly blueprint: string;
  readonly sandbox: Sandbox;
  readonly driver: () => Promise<Driver>;
  /** Name of an instance on the target. */
  readonly instance: (agent: string, ordinal: number) => string;
  /** Names of the cluster's running processes, containers or pods. */
  readonly running: () => Promise<readonly string[]>;
  /** Collects stop requests from now on, on targets whose clusters have no events of them. */
  readonly stops?: () => Promise<Stops>;
}

/** Creates a cluster of a boss and workers in a separate home folder, and starts it unless it is only planned. */
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
  /** Target as in the blueprint: a kind or a map. Default: "local". */
  readonly target?: string;
  /** Command of the workers, instead of the reference agent. */
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
    start_period: 200 ms
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

/** Operations of a cluster, newest first. */
export async function operationsOf({ sandbox }: TestCluster): Promise<readonly OperationRow[]> {
  return (await sandbox.json<{ operations: OperationRow[] }>(["ops", "list"])).operations;
}

export async function stepsOf({ sandbox }: TestCluster, id: string): Promise<Readonly<Record<string, string>>> {
  const { steps } = await sandbox.json<{ steps: { name: string; status: string }[] }>(["ops", "show", id]);
  return Object.fromEntries(steps.map(({ name, status }) => [name, status]));
}

/** Returns the recorded detail of a step. */
export async function detailOf<Detail>({ sandbox }: TestCluster, id: string, step: string): Promise<Detail> {
  const { steps } = await sandbox.json<{ steps: { name: string; detail: Detail }[] }>(["ops", "show", id]);
  const found = steps.find(({ name }) => name === step);
  if (found === undefined) throw new Error(`operation ${id} has no step ${step}`);
  return found.detail;
}

/** Runs a command that must succeed. */
export async function swarmctl({ sandbox }: TestCluster, ...args: string[]): Promise<Finished> {
  const finished = await sandbox.run(args);
  if (finished.status !== 0) throw new Error(`swarmctl ${args.join(" ")}: ${finished.stdout}\n${finished.stderr}`);
  return finished;
}

/** Runs the engine's command line on the cluster's stack. */
export function pulumi({ sandbox, name, blueprint }: TestCluster, ...args: string[]): Promise<Finished> {
  return sandbox.run(["pulumi", ...args, "--stack", name, "--non-interactive"], { SWARM_BLUEPRINT: blueprint });
}

export async function agentsOf({ sandbox, name }: TestCluster): Promise<readonly AgentRow[]> {
  return (await sandbox.json<{ agents: AgentRow[] }>(["agents", name])).agents;
}

/** Adds small tasks for the workers and waits until all are done, so that each worker has state. */
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

/** Root hashes of the last checkpoints by instance. */
export async function rootsOf(cluster: TestCluster): Promise<Readonly<Record<string, string>>> {
  const driver = await cluster.driver();
  const roots: Record<string, string> = {};
  for (const { instance } of await agentsOf(cluster)) {
    const found: CheckpointManifest | undefined = await latestCheckpoint(driver, instance).catch(() => undefined);
    if (found !== undefined) roots[instance] = found.root;
  }
  return roots;
}
