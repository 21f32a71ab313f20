import { expect, test } from "vitest";
import type { Manifest } from "../../src/runtime/checkpoints/manifest.ts";
import { drain, resume, waitForDrained } from "../../src/runtime/control/order-calls.ts";
import { showTask } from "../../src/runtime/control/task-calls.ts";
import { tail } from "../../src/runtime/logs.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/runtime/supervisor/client.ts";
import { poolOf } from "../../src/runtime/supervisor/scratch.fixture.ts";
import { largeStateAgent } from "./support/large-state.ts";
import {
  checkpointOf,
  driverOf,
  eventually,
  give,
  instanceStatus,
  kill,
  nodeScript,
  referencePool,
  scratchSite,
  untilInstance,
} from "./support/site.ts";

async function answered(site: { dir: string }, ids: readonly string[]): Promise<void> {
  for (const id of ids) {
    await eventually(async () => ((await showTask(driverOf(site), id)).state === "done" ? true : undefined));
  }
}

test.concurrent("a restarted agent goes on with its state: same hash, and counting on", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await putPool(site.dir, referencePool());
  const { instances } = await waitForPool(site.dir, "writer", 1);
  await answered(site, [
    await give(site, { skill: "sum", numbers: [1, 2] }),
    await give(site, { skill: "echo", text: "a" }),
  ]);
  await drain(driverOf(site), { agent: "writer" });
  await waitForDrained(driverOf(site), { agent: "writer" }, { deadlineMs: 20_000 });
  const before = checkpointOf(site, "writer-0");
  await kill(instances[0]?.pid);
  await untilInstance(site, "writer-0", ({ epoch }) => epoch === 2);
  await eventually(() => tail(site.dir, "writer-0", 1)[0]?.includes("life 2, 2 answered") || undefined);
  expect(checkpointOf(site, "writer-0")).toEqual(before);

  await resume(driverOf(site), { agent: "writer" });
  await answered(site, [await give(site, { skill: "word-count", text: "three small words" })]);
  const after = await eventually(() => {
    const latest = checkpointOf(site, "writer-0");
    return latest?.root !== before?.root ? latest : undefined;
  });
  expect(after).toMatchObject({ epoch: 2, seq: (before?.seq ?? 0) + 1 });
});

test.concurrent("kill -9 between two chunks leaves the checkpoint before, and the next life goes on from it", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  const supervisor = await ensureSupervisor(site);
  await putPool(site.dir, poolOf({ command: nodeScript(site, "large.mjs", largeStateAgent) }));
  const first = await eventually(() => checkpointOf(site, "writer-0"));
  const log = () => tail(site.dir, "writer-0", 100).join("\n");
  for (const [life, victim] of [
    [1, "agent"],
    [2, "supervisor and agent"],
  ] as const) {
    await eventually(() => log().includes(`life ${life}: first chunk of the next checkpoint is there`) || undefined);
    expect(checkpointOf(site, "writer-0")).toEqual(first);
    if (victim !== "agent") await kill(supervisor.pid);
    await kill((life === 1 ? await instanceStatus(site, "writer-0") : { pid: pidIn(log(), life) })?.pid);
    await ensureSupervisor(site);
    await eventually(() => log().includes(`life ${life + 1}: restored ${first.root}`) || undefined);
    expect(checkpointOf(site, "writer-0")).toEqual(first satisfies Manifest);
  }
});

function pidIn(log: string, life: number): number {
  return Number(new RegExp(`life ${life}: process (\\d+)`).exec(log)?.[1]);
}
