import { writeFileSync } from "node:fs";
import { join } from "node:path";
import type { InstanceStatus } from "../../../src/agent-api/status.ts";
import { addTask } from "../../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { supervisorStatus } from "../../../src/drivers/process/client.ts";
import { processDriver } from "../../../src/drivers/process/process-driver.ts";
import { eventually, poolOf } from "../../../src/drivers/process/scratch.fixture.ts";
import { identify } from "../../../src/platform/processes/identity.ts";
import { isAlive } from "../../../src/platform/processes/signal.ts";
import type { PoolSpec } from "../../../src/supervisor/pool-spec.ts";
import type { Site } from "../../../src/supervisor/site.ts";

export { eventually, scratchSite } from "../../../src/drivers/process/scratch.fixture.ts";

/** A pool of reference agents. */
export function referencePool(changes: Partial<PoolSpec> = {}): PoolSpec {
  const { command: _, ...pool } = poolOf(changes);
  return pool;
}

/** A driver for its instances. */
export function driverOf(site: Pick<Site, "dir">): Driver {
  return processDriver(site.dir);
}

export async function instanceStatus(site: Site, id: string): Promise<InstanceStatus | undefined> {
  const { pools } = await supervisorStatus(site.dir);
  return pools.flatMap(({ instances }) => instances).find((instance) => instance.id === id);
}

/** Waits until an instance matches. */
export function untilInstance(
  site: Site,
  id: string,
  is: (instance: InstanceStatus) => boolean,
): Promise<InstanceStatus> {
  return eventually(async () => {
    const instance = await instanceStatus(site, id);
    return instance !== undefined && is(instance) ? instance : undefined;
  });
}

/** Sends SIGKILL, and waits until the process has ended. */
export async function kill(pid: number | undefined): Promise<void> {
  const victim = identify(pid ?? 0);
  if (victim === undefined) return;
  process.kill(victim.pid, "SIGKILL");
  await eventually(() => (isAlive(victim) ? undefined : true));
}

export async function give(
  site: Site,
  payload: { skill: string; text?: string; ms?: number; numbers?: number[] },
): Promise<string> {
  return (await addTask(driverOf(site), { selector: { agent: "writer" }, payload: { ...payload }, allowUnknown: true }))
    .id;
}

/** A command that runs a Node.js script in the site's folder. */
export function nodeScript(site: Site, name: string, text: string): readonly string[] {
  const path = join(site.dir, name);
  writeFileSync(path, text);
  return [process.execPath, path];
}
