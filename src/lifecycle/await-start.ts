import { defaultStartPeriodMs, type Startup, startupOf } from "../agent-api/health/startup.ts";
import type { InstanceStatus } from "../agent-api/status.ts";
import type { Driver, RuntimeStatus } from "../drivers/driver.ts";
import { notStarted } from "../drivers/not-started.ts";
import type { AgentPlan, Plan } from "../plan/plan.ts";
import { poll } from "../platform/wait.ts";
import { targets } from "../targets/targets.ts";
import type { Run } from "./run.ts";

/** Added to the longest start period, for restarts with a growing back-off. */
const graceMs = 60_000;
const lastLines = 10;

/**
 * Waits until the instances of an update have started: for containers without a health probe, the engine waits only until
 * their process exists. Processes of the local target and built-in agents have started when the engine is done.
 *
 * @throws SwarmError SW640 with the instances that have not started, their exit status and last output
 */
export async function awaitStart(run: Run, plan: Plan, stack?: string): Promise<void> {
  const agents = plan.agents.filter(({ image, command }) => !image.builtin || command !== undefined);
  if (targets[plan.target.kind].images === undefined || agents.length === 0) return;
  const driver = await run.driver(stack);
  if (driver === undefined) return;
  const longestMs = Math.max(...agents.map(startPeriodOf));
  let last: readonly Started[] = [];
  const isOver = await poll(
    async () => {
      last = started(await driver.status(run.signal), agents, Date.now());
      for (const agent of agents) {
        const own = last.filter(({ key }) => key === agent.key);
        run.progress(agent.key, "starting", own.filter(({ startup }) => startup === "up").length, own.length);
      }
      return last.every(({ startup }) => startup !== "starting") || undefined;
    },
    { deadlineMs: longestMs + graceMs, intervalMs: 500, signal: run.signal },
  );
  const failed = last.filter(({ startup }) => startup === "failed" || (isOver === undefined && startup === "starting"));
  if (failed.length === 0) return;
  const told = failed.map(async ({ instance }) => ({
    instance,
    output: await outputOf(driver, instance.id),
  }));
  throw notStarted(await Promise.all(told), last.length);
}

interface Started {
  readonly key: string;
  readonly instance: InstanceStatus;
  readonly startup: Startup;
}

/** Evaluates the start of agents' instances; ignores those that are stopping, which are being replaced. */
export function started(status: RuntimeStatus | undefined, agents: readonly StartingAgent[], nowMs: number): Started[] {
  return agents.flatMap((agent) => {
    const found = status?.agents.find((one) => one.agent === agent.key || one.agent === agent.resource);
    const instances = (found?.instances ?? []).filter(({ state }) => state !== "stopping");
    return instances.map((instance) => {
      const ranForMs = instance.startedAt === undefined ? 0 : nowMs - Date.parse(instance.startedAt);
      const signs = { registered: instance.epoch !== undefined, mustRegister: false, ranForMs };
      const [process, exits, startPeriodMs] = [instance.state, instance.restarts, startPeriodOf(agent)];
      return { key: agent.key, instance, startup: startupOf({ ...signs, process, exits, startPeriodMs }) };
    });
  });
}

type StartingAgent = Pick<AgentPlan, "key" | "resource" | "startPeriodMs">;

function startPeriodOf({ startPeriodMs = defaultStartPeriodMs }: Pick<AgentPlan, "startPeriodMs">): number {
  return startPeriodMs;
}

/** Last output of an instance; empty if it has no log, such as a container that waits for its next start. */
async function outputOf(driver: Driver, instance: string): Promise<readonly string[]> {
  try {
    return await driver.tail(instance, lastLines);
  } catch {
    return [];
  }
}
