import type { ChildProcess } from "node:child_process";
import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { type Finished, type Sandbox, until } from "../../support/sandbox.ts";

/** A line of `swarmctl autoscaler --json`. */
export interface Line {
  readonly type: "scaling" | "standing-by" | "failed";
  readonly cluster: string;
  readonly agent?: string;
  readonly from?: number;
  readonly to?: number;
  readonly code?: string;
  readonly outcome?: { readonly ok: boolean };
  readonly error?: { readonly code: string };
}

/** An autoscaler that runs as a process. */
export interface RunningAutoscaler {
  readonly child: ChildProcess;
  readonly lines: () => readonly Line[];
  /** Ends it with SIGTERM. */
  readonly stop: () => Promise<Finished>;
}

export function startAutoscaler(
  sandbox: Sandbox,
  args: readonly string[] = [],
  variables: NodeJS.ProcessEnv = {},
): RunningAutoscaler {
  const { child, finished } = sandbox.start(["autoscaler", "--interval", "1s", "--json", ...args], variables);
  let printed = "";
  child.stdout?.on("data", (bytes: Buffer) => {
    printed += bytes.toString();
  });
  return {
    child,
    lines: () =>
      printed
        .slice(0, printed.lastIndexOf("\n") + 1)
        .split("\n")
        .filter((line) => line !== "")
        .map((line): Line => JSON.parse(line)),
    stop: () => {
      child.kill("SIGTERM");
      return finished;
    },
  };
}

/** A team whose workers follow their queue: one for each two tasks, none without. */
export function elasticTeam(id: string, { worker = "", cluster = "" } = {}): string {
  return `metadata: { id: ${id}, name: Elastic Team, version: 1.0.0 }
cluster:
  type: standard
  max_workers: 20
  scaling: { metric: task_queue_length, scale_up_threshold: 1, cooldown: 1 second, window: 1 second }
${cluster}agents:
  - { role: supervisor, name: Boss, count: 1, capabilities: [coordination] }
  - role: worker
    name: Worker
    count: 0-4
    reports_to: supervisor
    capabilities: [work]
    start_period: 200 ms
    drain: 1 second
${worker}`;
}

interface AgentList {
  readonly agents: readonly { readonly agent: string; readonly instance: string; readonly state: string }[];
}

/** Waits until so many instances of an agent run. */
export async function untilRunning(sandbox: Sandbox, agent: string, count: number): Promise<void> {
  await until(
    `${count} of ${agent} run`,
    async () => {
      const { agents } = await sandbox.json<AgentList>(["agents"]);
      const own = agents.filter((one) => one.agent === agent);
      return own.length === count && own.every(({ state }) => state === "running");
    },
    120_000,
  );
}

/** The folder of the supervisor of a local cluster. */
export async function siteOf({ home }: Sandbox, cluster: string): Promise<string> {
  const sites = join(home, ".swarmstack", "clusters");
  return join(sites, (await readdir(sites)).find((site) => site.startsWith(`${cluster}-`)) ?? "");
}
