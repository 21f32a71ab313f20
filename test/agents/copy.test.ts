import { expect, test } from "vitest";
import { copyCheckpoint, latestCheckpoint } from "../../src/drivers/control/checkpoint-calls.ts";
import { drain, waitForDrained } from "../../src/drivers/control/directive-calls.ts";
import { showTask } from "../../src/drivers/control/task-calls.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/drivers/process/client.ts";
import { driverOf, eventually, give, referencePool, scratchSite } from "./support/site.ts";

test("a checkpoint that is copied to another cluster is what its instance begins with", async ({ onTestFinished }) => {
  const [here, there] = [scratchSite(onTestFinished), scratchSite(onTestFinished)];
  await Promise.all([here, there].map((site) => ensureSupervisor(site)));
  await putPool(here.dir, referencePool());
  await waitForPool(here.dir, "writer", 1);
  const task = await give(here, { skill: "echo", text: "a" });
  await eventually(async () => ((await showTask(driverOf(here), task)).state === "done" ? true : undefined));
  await drain(driverOf(here), { agent: "writer" });
  await waitForDrained(driverOf(here), { agent: "writer" }, { deadlineMs: 20_000 });

  const from = { control: driverOf(here), instance: "writer-0" };
  const to = { control: driverOf(there), instance: "writer-0" };
  const copied = await copyCheckpoint(from, to);
  expect(copied).toEqual(await latestCheckpoint(driverOf(here), "writer-0"));
  expect(await latestCheckpoint(driverOf(there), "writer-0")).toEqual(copied);
  // Once more is the same, and no error.
  expect(await copyCheckpoint(from, to)).toEqual(copied);

  await putPool(there.dir, referencePool());
  await waitForPool(there.dir, "writer", 1);
  // It registers first, and then says so.
  const said = async () => (await driverOf(there).tail("writer-0", 5)).some((line) => line.includes("1, 1 answered"));
  await eventually(async () => (await said()) || undefined);
  for (const instance of ["none", "..", "a/b"]) {
    await expect(latestCheckpoint(driverOf(there), instance)).rejects.toMatchObject({ code: "SW705" });
  }
});
