import { expect, test } from "vitest";
import { addTask, showTask } from "../drivers/control/task-calls.ts";
import { ensureSupervisor, putPool, scalePool, waitForPool } from "../drivers/process/client.ts";
import { processDriver } from "../drivers/process/process-driver.ts";
import { eventually, owner, pidsOf, poolOf, poolStatus, scratchSite } from "../drivers/process/scratch.fixture.ts";
import type { Site } from "./site.ts";

const { uid } = owner;

/** Starts the reference agent, which works on tasks. */
async function startAgents(site: Site, count: number): Promise<void> {
  await ensureSupervisor(site);
  const { command: _none, ...spec } = poolOf({ count });
  await putPool(site.dir, spec);
  await waitForPool(site.dir, "writer", count);
}

test.concurrent("a lower count of an autoscaler stops idle instances, and a busy one when its task has ended", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await startAgents(site, 2);
  const driver = processDriver(site.dir);
  onTestFinished(() => driver.close());
  // Longer than the termination grace period of the pool.
  const payload = { skill: "sleep", ms: 7_000 };
  const tasks = await Promise.all([1, 2].map(() => addTask(driver, { selector: { agent: "writer" }, payload })));
  await eventually(
    async () => (await poolStatus(site)).instances.every(({ health }) => health === "busy") || undefined,
  );

  await scalePool(site.dir, "writer", { uid, generation: 1, seq: 1, count: 0 });
  const retiring = await poolStatus(site);
  expect(retiring).toMatchObject({ wanted: 0, declared: 2, instances: [{ retiring: true }, { retiring: true }] });
  await eventually(async () => ((await poolStatus(site)).instances.length === 0 ? true : undefined));
  for (const { id } of tasks) expect(await showTask(driver, id)).toMatchObject({ state: "done", attempt: 1 });
});

test.concurrent("a raise in between keeps a retiring instance", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await startAgents(site, 1);
  const driver = processDriver(site.dir);
  onTestFinished(() => driver.close());
  await addTask(driver, { selector: { agent: "writer" }, payload: { skill: "sleep", ms: 2_000 } });
  await eventually(async () => (await poolStatus(site)).instances[0]?.health === "busy" || undefined);
  const before = pidsOf(await poolStatus(site));
  await scalePool(site.dir, "writer", { uid, generation: 1, seq: 1, count: 0 });
  await scalePool(site.dir, "writer", { uid, generation: 1, seq: 2, count: 1 });
  const { id } = await addTask(driver, { selector: { agent: "writer" }, payload: { skill: "echo", text: "again" } });
  await eventually(async () => ((await showTask(driver, id)).state === "done" ? true : undefined));
  expect(pidsOf(await poolStatus(site))).toEqual(before);
});

test.concurrent("a count of an autoscaler outlives the supervisor and the same declaration, and yields to another", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const first = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 1 }));
  await scalePool(site.dir, "writer", { uid, generation: 1, seq: 1, count: 3 });
  await waitForPool(site.dir, "writer", 3);

  process.kill(first.pid, "SIGKILL");
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ count: 1, generation: 2 }));
  expect(await waitForPool(site.dir, "writer", 3)).toMatchObject({ wanted: 3, declared: 1, fast: { seq: 1 } });

  await putPool(site.dir, poolOf({ count: 2, generation: 3 }));
  expect(await waitForPool(site.dir, "writer", 2)).not.toHaveProperty("fast");
});

test.concurrent("a count that was decided for another state is refused with the reason", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ generation: 4 }));
  const refused = (changes: object) =>
    scalePool(site.dir, "writer", { uid, generation: 4, seq: 2, count: 3, ...changes }).then(
      () => "applied",
      ({ code, message }: { code: string; message: string }) => `${code} ${message}`,
    );
  expect(await refused({ uid: "s-2" })).toBe("SW718 writer keeps 1: it belongs to another cluster");
  expect(await refused({ generation: 3 })).toBe("SW718 writer keeps 1: its generation is 4, not 3");
  expect(await refused({ seq: 2, count: 1 })).toBe("applied");
  expect(await refused({ seq: 2 })).toBe("SW718 writer keeps 1: write 2 came before write 2");
  await putPool(site.dir, poolOf({ generation: 4, pin: {} }));
  expect(await refused({ seq: 3 })).toBe("SW718 writer keeps 1: a person set its count");
  await putPool(site.dir, poolOf({ generation: 4, pin: { untilMs: 1 } }));
  expect(await refused({ seq: 3 })).toBe("applied");
});
