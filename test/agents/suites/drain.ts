import { expect, test } from "vitest";
import { drain, hold, resume, waitForDrained } from "../../../src/drivers/control/directive-calls.ts";
import { showTask } from "../../../src/drivers/control/task-calls.ts";
import type { Target } from "../../support/targets/target.ts";
import {
  checkpointOf,
  eventually,
  give,
  instancesOf,
  listen,
  onlyInstance,
  type Team,
  untilDone,
  untilInstance,
  writers,
} from "../../support/targets/team.ts";

const stateOf = async ({ driver }: Team, id: string) => (await showTask(driver, id)).state;
const idle = { deadlineMs: 30_000 };

/** Draining, holding and ending, on any target. */
export function drainSuite(target: Target): void {
  test.concurrent("drain: the task in work is finished, none is taken, the state is saved, the process stays; resume brings it back", async ({
    onTestFinished,
  }) => {
    const team = await target.team(onTestFinished);
    const writer = await onlyInstance(team);
    const long = await give(team, { skill: "sleep", ms: 4_000 });
    await untilInstance(team, writer, ({ tasks }) => tasks?.length === 1);
    await drain(team.driver, writers, 60_000);
    const next = await give(team, { skill: "echo", text: "later" });
    const [drained] = await waitForDrained(team.driver, writers, idle);
    expect(drained).toMatchObject({ id: writer, state: "running", health: "drained", order: "drain", restarts: 0 });
    expect(await showTask(team.driver, long)).toMatchObject({ state: "done", result: { value: 4_000 } });
    expect(await stateOf(team, next)).toBe("waiting");
    expect(await checkpointOf(team, writer)).toMatchObject({ epoch: 1 });

    await resume(team.driver, writers);
    await untilDone(team, [next]);
    expect(await instancesOf(team)).toMatchObject([{ id: writer, epoch: 1, restarts: 0 }]);
  });

  test.concurrent("drain with a deadline that is too short: the task is handed back and loses no attempt", async ({
    onTestFinished,
  }) => {
    const team = await target.team(onTestFinished);
    const instance = await onlyInstance(team);
    const endless = await give(team, { skill: "sleep", ms: 600_000 });
    await untilInstance(team, instance, ({ tasks }) => tasks?.length === 1);
    await drain(team.driver, { instance }, 1_000);
    await waitForDrained(team.driver, { instance }, idle);
    expect(await showTask(team.driver, endless)).toMatchObject({ state: "waiting", attempt: 1, handedBack: 1 });
  });

  test.concurrent("a drained instance that is killed comes back on hold, also when the API was killed with it", async ({
    onTestFinished,
  }) => {
    const team = await target.team(onTestFinished);
    const instance = await onlyInstance(team);
    await drain(team.driver, writers);
    await waitForDrained(team.driver, writers, idle);
    const task = await give(team, { skill: "echo", text: "not now" });
    await team.killWithApi(instance);
    const back = await untilInstance(team, instance, ({ epoch = 0, health }) => epoch > 1 && health === "drained");
    expect(back).toMatchObject({ order: "drain" });
    expect(await stateOf(team, task)).toBe("waiting");
    await resume(team.driver, writers);
    await untilDone(team, [task]);
  });

  test.concurrent("hold: whoever starts stays idle", async ({ onTestFinished }) => {
    const team = await target.team(onTestFinished, { count: 0 });
    await hold(team.driver, writers);
    const task = await give(team, { skill: "echo", text: "x" });
    await team.scale(2);
    await eventually(async () => (await instancesOf(team)).every(({ health }) => health === "idle") || undefined);
    expect(await stateOf(team, task)).toBe("waiting");
    await resume(team.driver, writers);
    await untilDone(team, [task]);
  });

  test.concurrent("SIGTERM: the task in work is finished within the time to stop, then the process ends", async ({
    onTestFinished,
    signal,
  }) => {
    const team = await target.team(onTestFinished, { stopTimeoutMs: 60_000 });
    const instance = await onlyInstance(team);
    const lines = listen(team, instance, signal);
    const task = await give(team, { skill: "sleep", ms: 3_000 });
    await untilInstance(team, instance, ({ tasks }) => tasks?.length === 1);
    await team.scale(0);
    expect(await showTask(team.driver, task)).toMatchObject({ state: "done", result: { value: 3_000, instance } });
    await eventually(() => lines.at(-1)?.includes("ended with 1 answered") || undefined);
  });

  test.concurrent("SIGTERM with too little time: the task is handed back, and the process ends by itself", async ({
    onTestFinished,
    signal,
  }) => {
    const team = await target.team(onTestFinished, { stopTimeoutMs: 8_000 });
    const instance = await onlyInstance(team);
    const lines = listen(team, instance, signal);
    const task = await give(team, { skill: "sleep", ms: 600_000 });
    await untilInstance(team, instance, ({ tasks }) => tasks?.length === 1);
    await team.scale(0);
    expect(await showTask(team.driver, task)).toMatchObject({ state: "waiting", handedBack: 1 });
    await eventually(() => lines.at(-1)?.includes("ended with 0 answered") || undefined);
  });

  test.concurrent("a killed instance's task goes to others at once", async ({ onTestFinished }) => {
    const team = await target.team(onTestFinished, { count: 2 });
    const task = await give(team, { skill: "sleep", ms: 3_000 });
    const holder = await eventually(async () => (await showTask(team.driver, task)).holder);
    await team.kill(holder.instance);
    await untilDone(team, [task]);
    expect(await showTask(team.driver, task)).toMatchObject({ attempt: 2, handedBack: 0 });
  });
}
