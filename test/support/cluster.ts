import type { AgentRow } from "../../src/cli/clusters.ts";
import type { Sandbox } from "./sandbox.ts";

/** Names of the running instances of a cluster, sorted. */
export async function runningInstances(sandbox: Sandbox, cluster: string): Promise<string[]> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", cluster]);
  return agents
    .filter((agent) => agent.state === "running")
    .map((agent) => agent.instance)
    .sort();
}

export async function agentPids(sandbox: Sandbox, cluster: string): Promise<number[]> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", cluster]);
  return agents.flatMap((agent) => agent.pid ?? []);
}

/** Pid of an instance. @throws Error when it does not run */
export async function pidOf(sandbox: Sandbox, cluster: string, instance: string): Promise<number> {
  const { agents } = await sandbox.json<{ agents: AgentRow[] }>(["agents", cluster]);
  const { pid } = agents.find((agent) => agent.instance === instance) ?? {};
  if (pid === undefined) throw new Error(`${instance} does not run`);
  return pid;
}

export interface UpResult {
  readonly type: "result";
  readonly changes: Readonly<Record<string, number>>;
}

/** Runs `swarmctl up`, which must succeed. @returns the last JSON line */
export async function up(sandbox: Sandbox, args: readonly string[]): Promise<UpResult> {
  const { status, stdout, stderr } = await sandbox.run(["up", ...args, "--json"]);
  if (status !== 0) throw new Error(`up ${args.join(" ")}: status ${status}\n${stdout}\n${stderr}`);
  return JSON.parse(stdout.trim().split("\n").at(-1) ?? "") as UpResult;
}

export function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}
