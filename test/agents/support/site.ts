import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { addTask } from "../../../src/runtime/control/task-calls.ts";
import type { Driver } from "../../../src/runtime/drivers/driver.ts";
import { processDriver } from "../../../src/runtime/drivers/process-driver.ts";
import type { PoolSpec } from "../../../src/runtime/pool.ts";
import { identify } from "../../../src/runtime/processes/identity.ts";
import { isAlive } from "../../../src/runtime/processes/signal.ts";
import type { Site } from "../../../src/runtime/site.ts";
import type { InstanceStatus } from "../../../src/runtime/status.ts";
import { supervisorStatus } from "../../../src/runtime/supervisor/client.ts";
import { eventually, poolOf } from "../../../src/runtime/supervisor/scratch.fixture.ts";

export { eventually, scratchSite } from "../../../src/runtime/supervisor/scratch.fixture.ts";

/** A pool of reference agents. */
export function referencePool(changes: Partial<PoolSpec> = {}): PoolSpec {
  const { command: _, ...pool } = poolOf(changes);
  return pool;
}

/** What reaches its instances. */
export function driverOf(site: Pick<Site, "dir">): Driver {
  return processDriver(site.dir);
}

export async function instanceStatus(site: Site, id: string): Promise<InstanceStatus | undefined> {
  const { pools } = await supervisorStatus(site.dir);
  return pools.flatMap(({ instances }) => instances).find((instance) => instance.id === id);
}

/** Waits until an instance is as described. */
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

/** kill -9, and wait until it is gone. */
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
  return (await addTask(driverOf(site), { selector: { agent: "writer" }, payload: { ...payload } })).id;
}

/** A command that runs a script of Node.js, kept in the site's folder. */
export function nodeScript(site: Site, name: string, text: string): readonly string[] {
  const path = join(site.dir, name);
  writeFileSync(path, text);
  return [process.execPath, path];
}
