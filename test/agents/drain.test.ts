import { expect, test } from "vitest";
import { drain, hold, resume, waitForDrained } from "../../src/runtime/control/order-calls.ts";
import { showTask } from "../../src/runtime/control/task-calls.ts";
import { tail } from "../../src/runtime/logs.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/runtime/supervisor/client.ts";
import {
  checkpointOf,
  driverOf,
  eventually,
  give,
  instanceStatus,
  kill,
  referencePool,
  scratchSite,
  untilInstance,
} from "./support/site.ts";

const state = (site: { dir: string }, id: string) => async () => (await showTask(driverOf(site), id)).state;

test.concurrent("drain: the task in work is finished, none is taken, the state is saved, the process stays; resume brings it back", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool());
  await waitForPool(site.dir, "writer", 1);
  const long = await give(site, { skill: "sleep", ms: 4_000 });
  const { pid } = await untilInstance(site, "writer-0", ({ tasks }) => tasks?.length === 1);
  await drain(driverOf(site), { agent: "writer" }, 60_000);
  const next = await give(site, { skill: "echo", text: "later" });
  const [drained] = await waitForDrained(driverOf(site), { agent: "writer" }, { deadlineMs: 20_000 });
  expect(drained).toMatchObject({ id: "writer-0", pid, state: "running", health: "drained", order: "drain" });
  expect(await showTask(driverOf(site), long)).toMatchObject({ state: "done", result: { value: 4_000 } });
  expect(await state(site, next)()).toBe("waiting");
  expect(checkpointOf(site, "writer-0")).toMatchObject({ seq: 1, epoch: 1 });

  await resume(driverOf(site), { agent: "writer" });
  await eventually(async () => ((await state(site, next)()) === "done" ? true : undefined));
  expect((await instanceStatus(site, "writer-0"))?.pid).toBe(pid);
});

test.concurrent("drain with a deadline that is too short: the task is handed back and loses no attempt", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool());
  await waitForPool(site.dir, "writer", 1);
  const endless = await give(site, { skill: "sleep", ms: 600_000 });
  await untilInstance(site, "writer-0", ({ tasks }) => tasks?.length === 1);
  await drain(driverOf(site), { instance: "writer-0" }, 1_000);
  await waitForDrained(driverOf(site), { instance: "writer-0" }, { deadlineMs: 20_000 });
  expect(await showTask(driverOf(site), endless)).toMatchObject({ state: "waiting", attempt: 1, handedBack: 1 });
});

test.concurrent("a drained instance that is killed comes back on hold, also under another supervisor", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const supervisor = await ensureSupervisor(site);
  await putPool(site.dir, referencePool());
  const pool = await waitForPool(site.dir, "writer", 1);
  await drain(driverOf(site), { agent: "writer" });
  await waitForDrained(driverOf(site), { agent: "writer" }, { deadlineMs: 20_000 });
  const task = await give(site, { skill: "echo", text: "not now" });
  await kill(supervisor.pid);
  await kill(pool.instances[0]?.pid);
  await ensureSupervisor(site);
  const back = await untilInstance(site, "writer-0", ({ epoch = 0, health }) => epoch > 1 && health === "idle");
  expect(back).toMatchObject({ order: "drain" });
  expect(await state(site, task)()).toBe("waiting");
  await resume(driverOf(site), { agent: "writer" });
  await eventually(async () => ((await state(site, task)()) === "done" ? true : undefined));
});

test.concurrent("hold: whoever starts stays idle", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ count: 0 }));
  await hold(driverOf(site), { agent: "writer" });
  const task = await give(site, { skill: "echo", text: "x" });
  await putPool(site.dir, referencePool({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  await untilInstance(site, "writer-1", ({ health }) => health === "idle");
  expect(await state(site, task)()).toBe("waiting");
  await resume(driverOf(site), { agent: "writer" });
  await eventually(async () => ((await state(site, task)()) === "done" ? true : undefined));
});

test.concurrent("SIGTERM: the task in work is finished within the time to stop, then the process ends", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ stopTimeoutMs: 60_000 }));
  await waitForPool(site.dir, "writer", 1);
  const task = await give(site, { skill: "sleep", ms: 3_000 });
  await untilInstance(site, "writer-0", ({ tasks }) => tasks?.length === 1);
  await putPool(site.dir, referencePool({ count: 0, stopTimeoutMs: 60_000 }));
  await waitForPool(site.dir, "writer", 0);
  expect(await showTask(driverOf(site), task)).toMatchObject({
    state: "done",
    result: { value: 3_000, instance: "writer-0" },
  });
  expect(tail(site.dir, "writer-0", 1)[0]).toContain("ended with 1 answered");
});

test.concurrent("SIGTERM with too little time: the task is handed back, and the process ends by itself", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ stopTimeoutMs: 3_000 }));
  await waitForPool(site.dir, "writer", 1);
  const task = await give(site, { skill: "sleep", ms: 600_000 });
  await untilInstance(site, "writer-0", ({ tasks }) => tasks?.length === 1);
  await putPool(site.dir, referencePool({ count: 0, stopTimeoutMs: 3_000 }));
  await waitForPool(site.dir, "writer", 0);
  expect(await showTask(driverOf(site), task)).toMatchObject({ state: "waiting", handedBack: 1 });
  expect(tail(site.dir, "writer-0", 1)[0]).toContain("ended with 0 answered");
});

test.concurrent("a killed instance's task goes to others at once", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool({ count: 2 }));
  await waitForPool(site.dir, "writer", 2);
  const task = await give(site, { skill: "sleep", ms: 3_000 });
  const holder = await eventually(async () => (await showTask(driverOf(site), task)).holder);
  await kill((await instanceStatus(site, holder.instance))?.pid);
  await eventually(async () => ((await state(site, task)()) === "done" ? true : undefined));
  expect(await showTask(driverOf(site), task)).toMatchObject({ attempt: 2, handedBack: 0 });
});
