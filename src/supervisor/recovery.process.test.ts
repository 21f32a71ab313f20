import { spawn } from "node:child_process";
import { readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import {
  ensureSupervisor,
  putPool,
  readSupervisor,
  reattachSupervisor,
  waitForPool,
} from "../drivers/process/client.ts";
import { processDriver } from "../drivers/process/process-driver.ts";
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
import { tail } from "./logs.ts";

/** Sends SIGKILL, and waits until the processes have ended. */
async function kill(pids: readonly (number | undefined)[]): Promise<void> {
  const victims = pids.map((pid) => identify(pid ?? 0)).filter((victim) => victim !== undefined);
  for (const victim of victims) process.kill(victim.pid, "SIGKILL");
  await eventually(() => (victims.some(isAlive) ? undefined : true));
}

test.concurrent("concurrent callers get the same supervisor", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const all = await Promise.all([1, 2, 3, 4].map(() => ensureSupervisor(site)));
  expect(new Set(all.map((status) => status.pid)).size).toBe(1);
  expect((await ensureSupervisor(site)).pid).toBe(all[0]?.pid);
});

test.concurrent("the successor of a killed supervisor adopts its instances and duplicates none", async ({
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

test.concurrent("after a reboot all instances restart", async ({ onTestFinished }) => {
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

test.concurrent("after a kill between a start and its record the process is found by its mark", async ({
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

test.concurrent("repeated kills during starts and stops neither duplicate nor lose an instance", async ({
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

test.concurrent("a process that reuses the pid of an ended instance is never killed", async ({ onTestFinished }) => {
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

test.concurrent("processes left by a killed supervisor are removed with its site", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  await kill([pid]);
  rmSync(join(site.dir, "instances", "writer-1.json"));
  await removeSite(site.dir);
  expect(processesOf(site)).toEqual([]);
});

test.concurrent("a hanging supervisor is killed with its site", async ({ onTestFinished }) => {
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

test.concurrent("a supervisor whose folder is deleted ends, with its instances", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  rmSync(site.dir, { recursive: true });
  await eventually(() => (identify(pid) ? undefined : true));
  expect(processesOf(site)).toEqual([]);
});

test.concurrent("a site that is deleted and created again runs only its own instances", async ({ onTestFinished }) => {
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
  if (!identity) throw new Error("the foreign process did not start");
  return identity;
}

test.concurrent("a killed supervisor is replaced by one that takes over what still runs; until then its instances are listed", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 2 }));
  const before = await waitForPool(site.dir, "writer", 2);
  expect(await reattachSupervisor(site.dir)).toBeUndefined();
  process.kill(pid, "SIGKILL");
  await eventually(() => readSupervisor(site.dir).state === "gone" || undefined);
  const status = await processDriver(site.dir).status();
  expect(status).toMatchObject({ api: undefined, agents: [{ agent: "writer", running: 2 }] });
  expect(await reattachSupervisor(site.dir)).toBeGreaterThan(0);
  expect(pidsOf(await waitForPool(site.dir, "writer", 2))).toEqual(pidsOf(before));
});

test.concurrent("an instance outlives its supervisor while it writes more than its pipe holds; the next one reads on, and no line is lost", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  const script = "i=0; while [ $i -lt 30000 ]; do i=$((i+1)); echo line $i; done; exec sleep 600";
  await putPool(site.dir, poolOf({ command: ["sh", "-c", script] }));
  const [before] = pidsOf(await waitForPool(site.dir, "writer", 1));
  process.kill(pid, "SIGKILL");
  await eventually(() => readSupervisor(site.dir).state === "gone" || undefined);
  await ensureSupervisor(site);
  expect(pidsOf(await waitForPool(site.dir, "writer", 1))).toEqual([before]);
  await eventually(() => tail(site.dir, "writer-0", 1)[0] === "line 30000" || undefined);
  const numbers = tail(site.dir, "writer-0", 40_000).map((line) => Number(line.slice("line ".length)));
  expect(numbers).toEqual(Array.from({ length: 30_000 }, (_, index) => index + 1));
});
