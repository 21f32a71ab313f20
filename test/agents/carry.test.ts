import { readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";
import { copyCheckpoint } from "../../src/drivers/control/checkpoint-calls.ts";
import { drain, waitForDrained } from "../../src/drivers/control/directive-calls.ts";
import {
  copyTasks,
  exportDatabase,
  importDatabase,
  readMovable,
  setWriteFence,
  verifyStates,
} from "../../src/drivers/control/move-calls.ts";
import { addTask, listTasks, showTask } from "../../src/drivers/control/task-calls.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/drivers/process/client.ts";
import { verifyCheckpoints } from "../../src/lifecycle/instances.ts";
import { sitePaths } from "../../src/supervisor/site.ts";
import { driverOf, eventually, give, instanceStatus, kill, referencePool, scratchSite } from "./support/site.ts";

const signal = new AbortController().signal;
const quietly = { signal, onPage: () => {} };

test("a migrated cluster keeps registrations, tasks, memory and states, and no instance works before all state has arrived", async ({
  onTestFinished,
}) => {
  const here = scratchSite(onTestFinished);
  const there = { ...scratchSite(onTestFinished), arrival: "op-1" };
  await ensureSupervisor(here);
  await ensureSupervisor(there);
  const [from, to] = [driverOf(here), driverOf(there)];
  await putPool(here.dir, referencePool());
  await waitForPool(here.dir, "writer", 1);
  const done = await give(here, { skill: "echo", text: "a" });
  await eventually(async () => ((await showTask(from, done)).state === "done" ? true : undefined));

  // Instances that wait at the destination count as running; none has registered.
  await putPool(there.dir, referencePool());
  await waitForPool(there.dir, "writer", 1);
  expect((await instanceStatus(there, "writer-0"))?.epoch).toBeUndefined();

  // Ended tasks are copied first, while instances work.
  const { now: before } = await readMovable(from);
  expect(await copyTasks(from, to, quietly)).toBe(1);
  await drain(from, { agent: "writer" });
  await waitForDrained(from, { agent: "writer" }, { deadlineMs: 20_000 });
  const open = await give(here, { skill: "echo", text: "b" });
  await expect(exportDatabase(from)).rejects.toMatchObject({ code: "SW620" });
  await expect(copyTasks(from, to, { ...quietly, changedSince: 0 })).rejects.toMatchObject({ code: "SW620" });
  await setWriteFence(from, "shut", "op-1");
  const refused = addTask(from, { selector: { agent: "writer" }, payload: 1 }).catch(
    (error: { code: string }) => error.code,
  );
  // A restarted server finds the write fence raised.
  const { pid } = await ensureSupervisor(here);
  await kill(pid);
  await ensureSupervisor(here);
  expect((await readMovable(from)).shutFor).toBe("op-1");

  const carried = await exportDatabase(from);
  expect(carried.lives).toEqual({ "writer-0": 2 });
  await expect(importDatabase(to, { ...carried, format: 99 })).rejects.toMatchObject({ code: "SW625" });
  await importDatabase(to, carried);
  expect(await copyTasks(from, to, { ...quietly, changedSince: before })).toBe(1);
  expect((await listTasks(to)).items).toHaveLength(2);
  const { root } = await copyCheckpoint({ control: from, instance: "writer-0" }, { control: to, instance: "writer-0" });
  await verifyStates(to, { "writer-0": root });
  await expect(verifyStates(to, { "writer-0": "0".repeat(64) })).rejects.toMatchObject({ code: "SW713" });
  expect((await instanceStatus(there, "writer-0"))?.epoch).toBeUndefined();

  await setWriteFence(to, "open", "op-1");
  await eventually(async () => ((await showTask(to, open)).state === "done" ? true : undefined));
  expect(await showTask(to, done)).toEqual(await showTask(from, done));
  expect((await showTask(to, open)).result).toMatchObject({ instance: "writer-0", epoch: 2, attempt: 1 });
  expect((await showTask(from, open)).state).toBe("waiting");
  expect((await listTasks(to)).items).toHaveLength(2);
  // The waiting registration was refused.
  expect(await refused).toMatch(/SW704|SW716/);
});

test("a state that changed during the transfer is detected", async ({ onTestFinished }) => {
  const here = scratchSite(onTestFinished);
  await ensureSupervisor(here);
  await putPool(here.dir, referencePool());
  await waitForPool(here.dir, "writer", 1);
  const task = await give(here, { skill: "echo", text: "a" });
  await eventually(async () => ((await showTask(driverOf(here), task)).state === "done" ? true : undefined));
  await drain(driverOf(here), { agent: "writer" });
  await waitForDrained(driverOf(here), { agent: "writer" }, { deadlineMs: 20_000 });
  const { states } = await readMovable(driverOf(here));
  const { root = "", bytes = 0 } = states["writer-0"] ?? {};
  expect(bytes).toBeGreaterThan(0);
  await verifyStates(driverOf(here), { "writer-0": root });
  const readBack = () =>
    verifyCheckpoints(driverOf(here), [{ key: "writer", terminationGracePeriodMs: 5_000, state: {} }], {
      ...{ signal, progress: () => {} },
    });
  expect(await readBack()).toEqual({ "writer-0": root });
  const folder = join(sitePaths(here.dir).checkpoints, "writer-0");
  for (const name of readdirSync(folder)) if (!name.endsWith(".json")) writeFileSync(join(folder, name), "changed");
  await expect(verifyStates(driverOf(here), { "writer-0": root })).rejects.toMatchObject({ code: "SW713" });
  const damaged = await readBack().catch((error: Error) => error);
  expect(damaged).toMatchObject({ code: "SW713", message: expect.stringContaining("does not match its hash") });
  // One that has saved nothing has nothing to come back with.
  rmSync(folder, { recursive: true });
  const none = await readBack().catch((error: Error) => error);
  expect(none).toMatchObject({ code: "SW713", message: expect.stringContaining("has no checkpoint") });
});
