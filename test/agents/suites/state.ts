import { expect, test } from "vitest";
import { drain, resume, waitForDrained } from "../../../src/drivers/control/directive-calls.ts";
import { poll } from "../../../src/platform/wait.ts";
import { recordingAgent } from "../../lifecycle/support/recording-agent.ts";
import type { Target } from "../../support/targets/target.ts";
import {
  checkpointOf,
  eventually,
  give,
  onlyInstance,
  type Team,
  untilDone,
  untilInstance,
  writers,
} from "../../support/targets/team.ts";
import { largeStateAgent } from "../support/large-state.ts";

async function said({ driver }: Team, instance: string, words: string): Promise<void> {
  let last: readonly string[] = [];
  const seen = await poll(
    async () => {
      last = await driver.tail(instance, 100).catch(() => []);
      return last.some((line) => line.includes(words)) || undefined;
    },
    { deadlineMs: 60_000, intervalMs: 100 },
  );
  if (seen === undefined) throw new Error(`${instance} has not said "${words}": ${last.join("\n")}`);
}

/** The state of an agent survives its processes, on any target. */
export function stateSuite(target: Target): void {
  test.concurrent("a restarted agent resumes from its state, with the same hash", async ({ onTestFinished }) => {
    const team = await target.team(onTestFinished);
    const writer = await onlyInstance(team);
    await untilDone(team, [
      await give(team, { skill: "sum", numbers: [1, 2] }),
      await give(team, { skill: "echo", text: "a" }),
    ]);
    await drain(team.driver, writers);
    await waitForDrained(team.driver, writers, { deadlineMs: 30_000 });
    const before = await checkpointOf(team, writer);
    await team.kill(writer);
    await untilInstance(team, writer, ({ epoch }) => epoch === 2);
    await said(team, writer, "life 2, 2 answered");
    expect(await checkpointOf(team, writer)).toEqual(before);

    await resume(team.driver, writers);
    await untilDone(team, [await give(team, { skill: "word-count", text: "three small words" })]);
    const after = await eventually(async () => {
      const latest = await checkpointOf(team, writer);
      return latest?.root !== before?.root ? latest : undefined;
    });
    expect(after).toMatchObject({ epoch: 2, seq: (before?.seq ?? 0) + 1 });
  });

  test.concurrent("an agent that saves other bytes each time: its saved state is frozen from the drain to the resume, and the save then succeeds", async ({
    onTestFinished,
  }) => {
    const team = await target.team(onTestFinished, { script: recordingAgent });
    const writer = await onlyInstance(team);
    await drain(team.driver, writers);
    await waitForDrained(team.driver, writers, { deadlineMs: 30_000 });
    const before = await checkpointOf(team, writer);
    await team.killWithApi(writer);
    const back = await untilInstance(team, writer, ({ epoch = 0, health }) => epoch > 1 && health === "drained");
    expect(back).toMatchObject({ order: "drain", restored: before?.root });
    expect(await checkpointOf(team, writer)).toEqual(before);
    await resume(team.driver, writers);
    const after = await eventually(async () => {
      const latest = await checkpointOf(team, writer);
      return latest?.root !== before?.root ? latest : undefined;
    });
    expect(after).toMatchObject({ seq: (before?.seq ?? 0) + 1 });
  });

  test.concurrent("SIGKILL between two chunks leaves the previous checkpoint, and the next process resumes from it", async ({
    onTestFinished,
  }) => {
    const team = await target.team(onTestFinished, { script: largeStateAgent });
    const writer = await onlyInstance(team);
    const first = await eventually(() => checkpointOf(team, writer));
    for (const [life, victim] of [
      [1, "agent"],
      [2, "API and agent"],
    ] as const) {
      await said(team, writer, `life ${life}: first chunk of the next checkpoint is there`);
      expect(await checkpointOf(team, writer)).toEqual(first);
      await (victim === "agent" ? team.kill(writer) : team.killWithApi(writer));
      await said(team, writer, `life ${life + 1}: restored ${first.root}`);
      expect(await eventually(() => checkpointOf(team, writer))).toEqual(first);
    }
  });
}
