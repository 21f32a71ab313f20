import { spawnSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { drain, waitForDrained } from "../../src/drivers/control/directive-calls.ts";
import { addTask, showTask } from "../../src/drivers/control/task-calls.ts";
import { ensureSupervisor, putPool, waitForPool } from "../../src/drivers/process/client.ts";
import { poolOf } from "../../src/drivers/process/scratch.fixture.ts";
import { tail } from "../../src/supervisor/logs.ts";
import { driverOf, eventually, give, kill, scratchSite, untilInstance } from "./support/site.ts";

const agent = join(import.meta.dirname, "..", "..", "docs", "agents", "reference_agent.py");

test("the Python agent implements the whole API with the standard library only", async ({ onTestFinished, skip }) => {
  const found = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  if (found.status !== 0) return skip("no python3 here");
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const pool = poolOf({ command: [found.stdout.trim(), agent], stopTimeoutMs: 20_000 });
  await putPool(site.dir, pool);
  const { pid } = await untilInstance(site, "writer-0", ({ health }) => health === "idle");
  const answer = async (id: string) =>
    eventually(async () => {
      const task = await showTask(driverOf(site), id);
      return task.state === "done" || task.state === "dead" ? (task.result?.value ?? task.error) : undefined;
    });
  expect(await answer(await give(site, { skill: "sum", numbers: [1, 2, 3] }))).toBe(6);
  expect(await answer(await give(site, { skill: "word-count", text: "three small words" }))).toBe(3);
  expect(await answer(await give(site, { skill: "paint" }))).toBe('no skill "paint"');

  const endless = await give(site, { skill: "sleep", ms: 600_000 });
  await untilInstance(site, "writer-0", ({ tasks }) => tasks?.length === 1);
  await drain(driverOf(site), { agent: "writer" }, 1_000);
  expect(await waitForDrained(driverOf(site), { agent: "writer" }, { deadlineMs: 20_000 })).toMatchObject([
    { pid, health: "drained" },
  ]);
  expect(await showTask(driverOf(site), endless)).toMatchObject({ state: "waiting", handedBack: 1 });

  await kill(pid);
  const again = await untilInstance(site, "writer-0", ({ epoch, health }) => epoch === 2 && health === "drained");
  expect(again.pid).not.toBe(pid);
  const log = () => tail(site.dir, "writer-0", 20).join("\n");
  expect(log()).toContain("life 2, 2 answered");
  await putPool(site.dir, { ...pool, count: 0 });
  await waitForPool(site.dir, "writer", 0);
  expect(log()).toMatch(/ends on SIGTERM\n.*ended with 2 answered/);
});

test("the minimal agent of the guide answers tasks with their payload", async ({ onTestFinished, skip }) => {
  const found = spawnSync("python3", ["-c", "import sys; print(sys.executable)"], { encoding: "utf8" });
  if (found.status !== 0) return skip("no python3 here");
  const guide = await readFile(join(import.meta.dirname, "..", "..", "docs", "agents", "api.md"), "utf8");
  const [, program = ""] = /```python\n([\s\S]*?)```/.exec(guide) ?? [];
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const file = join(site.dir, "agent.py");
  await writeFile(file, program);
  const config = JSON.stringify({ capabilities: ["echo"] });
  await putPool(site.dir, poolOf({ command: [found.stdout.trim(), file], config }));
  await untilInstance(site, "writer-0", ({ health }) => health === "idle");
  for (const payload of [[1, 2, 3], { text: "a" }, 42]) {
    const { id } = await addTask(driverOf(site), { selector: { capability: "echo" }, payload });
    const value = await eventually(async () => (await showTask(driverOf(site), id)).result?.value);
    expect(value).toEqual({ got: payload });
  }
  await drain(driverOf(site), { agent: "writer" }, 1_000);
  expect(await waitForDrained(driverOf(site), { agent: "writer" }, { deadlineMs: 20_000 })).toMatchObject([
    { health: "drained" },
  ]);
});
