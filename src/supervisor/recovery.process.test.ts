import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { ensureSupervisor, putPool, readSupervisor, waitForPool } from "../drivers/process/client.ts";
import { removeSite } from "../drivers/process/remove.ts";
import {
  eventually,
  pidsOf,
  poolOf,
  poolStatus,
  processesOf,
  scratchSite,
} from "../drivers/process/scratch.fixture.ts";
import { identify, type ProcessIdentity } from "../platform/processes/identity.ts";
import { isAlive } from "../platform/processes/signal.ts";

/** kill -9, and wait until it is gone. */
async function kill(pids: readonly (number | undefined)[]): Promise<void> {
  const victims = pids.map((pid) => identify(pid ?? 0)).filter((victim) => victim !== undefined);
  for (const victim of victims) process.kill(victim.pid, "SIGKILL");
  await eventually(() => (victims.some(isAlive) ? undefined : true));
}

test.concurrent("two callers at once get the same supervisor", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const all = await Promise.all([1, 2, 3, 4].map(() => ensureSupervisor(site)));
  expect(new Set(all.map((status) => status.pid)).size).toBe(1);
  expect((await ensureSupervisor(site)).pid).toBe(all[0]?.pid);
});

test.concurrent("a killed supervisor's successor takes over its instances and doubles none", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const first = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 3 }));
  const before = await waitForPool(site.dir, "writer", 3);
  await kill([first.pid]);
  expect(readSupervisor(site.dir)).toEqual({ state: "gone" });

  const second = await ensureSupervisor(site);
  expect(second.pid).not.toBe(first.pid);
  expect(pidsOf(await waitForPool(site.dir, "writer", 3))).toEqual(pidsOf(before));
  expect(processesOf(site)).toHaveLength(3);

  await kill([before.instances[1]?.pid]);
  await eventually(async () => ((await poolStatus(site)).instances[1]?.restarts === 1 ? true : undefined));
  await waitForPool(site.dir, "writer", 3);
  await putPool(site.dir, poolOf({ count: 1 }));
  expect(pidsOf(await waitForPool(site.dir, "writer", 1))).toEqual(pidsOf(before).slice(0, 1));
  expect(processesOf(site)).toHaveLength(1);
});

test.concurrent("after a reboot all instances come back", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const first = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 3 }));
  const before = await waitForPool(site.dir, "writer", 3);
  await kill([first.pid, ...pidsOf(before)]);
  await ensureSupervisor(site);
  const after = await waitForPool(site.dir, "writer", 3);
  expect(pidsOf(after).filter((pid) => pidsOf(before).includes(pid))).toEqual([]);
  expect(processesOf(site)).toHaveLength(3);
});

test.concurrent("a supervisor killed between a start and its record finds the process by its mark", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf());
  const before = await waitForPool(site.dir, "writer", 1);
  await kill([pid]);
  changeRecord(site.dir, (record) => {
    delete record.process;
  });
  await ensureSupervisor(site);
  expect(pidsOf(await waitForPool(site.dir, "writer", 1))).toEqual(pidsOf(before));
});

test.concurrent("a supervisor killed again and again while it starts and stops doubles none and forgets none", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  for (const { from, count, killAt } of [
    { from: 0, count: 12, killAt: 1 },
    { from: 1, count: 12, killAt: 5 },
    { from: 5, count: 12, killAt: 9 },
    { from: 9, count: 2, killAt: 4 },
  ]) {
    const { pid } = await ensureSupervisor(site);
    const put = putPool(site.dir, poolOf({ count })).catch(() => {});
    const reached = (alive: number) => (count > from ? alive >= killAt : alive <= killAt);
    await eventually(() => (reached(processesOf(site).length) ? true : undefined));
    await kill([pid]);
    await put;
  }
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 4 }));
  const pool = await waitForPool(site.dir, "writer", 4);
  expect(new Set(processesOf(site).map((process) => process.pid))).toEqual(new Set(pidsOf(pool)));
});

test.concurrent("a process that got the number of an ended instance is never killed", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf());
  const before = await waitForPool(site.dir, "writer", 1);
  await kill([pid, ...pidsOf(before)]);
  const foreign = startForeignProcess(onTestFinished);
  changeRecord(site.dir, (record) => {
    record.process = { pid: foreign.pid, startTime: "another time" };
  });
  writeFileSync(
    join(site.dir, "supervisor.json"),
    JSON.stringify({ ...foreign, startTime: "another time", port: 1, version: "0" }),
  );

  expect(readSupervisor(site.dir)).toEqual({ state: "gone" });
  await ensureSupervisor(site);
  const [instance] = (await waitForPool(site.dir, "writer", 1)).instances;
  expect(instance?.pid).not.toBe(foreign.pid);
  await removeSite(site.dir);
  expect(isAlive(foreign)).toBe(true);
});

test.concurrent("what a killed supervisor left behind is removed with its site", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  await kill([pid]);
  rmSync(join(site.dir, "instances", "writer-1.json"));
  await removeSite(site.dir);
  expect(processesOf(site)).toEqual([]);
});

test.concurrent("a supervisor that hangs is killed with its site", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf());
  await waitForPool(site.dir, "writer", 1);
  process.kill(pid, "SIGSTOP");
  await expect(ensureSupervisor(site, { deadlineMs: 1 })).rejects.toMatchObject({ code: "SW704" });
  await removeSite(site.dir);
  expect(processesOf(site)).toEqual([]);
  expect(identify(pid)).toBeUndefined();
});

test.concurrent("a supervisor whose folder was deleted ends by itself, with its instances", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  rmSync(site.dir, { recursive: true });
  await eventually(() => (identify(pid) ? undefined : true));
  expect(processesOf(site)).toEqual([]);
});

test.concurrent("a site that was deleted and made again runs only its own instances", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const old = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  rmSync(site.dir, { recursive: true });
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await eventually(() => (identify(old.pid) ? undefined : true));
  const pool = await waitForPool(site.dir, "writer", 2);
  expect(pool.instances.map((instance) => instance.restarts)).toEqual([0, 0]);
  expect(new Set(processesOf(site).map((process) => process.pid))).toEqual(new Set(pidsOf(pool)));
});

function changeRecord(dir: string, change: (record: Record<string, unknown>) => void): void {
  const path = join(dir, "instances", "writer-0.json");
  const record = JSON.parse(readFileSync(path, "utf8"));
  change(record);
  writeFileSync(path, JSON.stringify(record));
}

function startForeignProcess(onFinished: (clean: () => void) => void): ProcessIdentity {
  const child = spawn("sleep", ["600"], { detached: true, stdio: "ignore" });
  onFinished(() => void child.kill("SIGKILL"));
  const identity = identify(child.pid ?? 0);
  if (!identity) throw new Error("the stranger did not start");
  return identity;
}
