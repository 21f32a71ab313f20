import { expect } from "vitest";
import { poll } from "../../../src/platform/wait.ts";
import type { Team } from "../../support/targets/team.ts";
import { allTasks, countDone, giveNumbered, killOne, seeded } from "./numbered-tasks.ts";

export interface Scale {
  readonly instances: number;
  readonly tasks: number;
  readonly kills: number;
  readonly deadlineMs: number;
}

/** Of a test that is not long. */
export const smallScale: Scale = { instances: 8, tasks: 200, kills: 12, deadlineMs: 240_000 };

export interface Outcome {
  readonly kills: number;
  /** Tasks that were begun more than once. */
  readonly repeated: number;
  readonly elapsedMs: number;
}

/**
 * Numbered tasks for a team without instances, which are then started and killed at random while they work: each task has exactly one
 * accepted result, and it is the right one.
 */
export async function exactlyOnce(team: Team, { instances, tasks, kills, deadlineMs }: Scale): Promise<Outcome> {
  const begin = performance.now();
  const random = seeded(20_261_122);
  // All work is there before the first instance: whoever is killed is killed at work.
  await giveNumbered(team, tasks);
  const started = team.scale(instances);
  started.catch(() => {});
  let killed = 0;
  const done = await poll(
    async () => {
      const count = await countDone(team);
      // Spread over the work: each when its share is done.
      const due = Math.min(kills, Math.floor((count * kills) / tasks));
      while (killed < due && (await killOne(team, random))) killed++;
      return count === tasks && killed === kills ? count : undefined;
    },
    { deadlineMs, intervalMs: 20 },
  );
  expect({ done, killed }).toEqual({ done: tasks, killed: kills });
  await started;
  const all = await allTasks(team);
  const results = all.map(({ payload, state, result }) => ({ payload, state, value: result?.value }));
  const numbers = Array.from({ length: tasks }, (_, number) => ({
    ...{ payload: { skill: "sum", numbers: [number, 1] }, state: "done", value: number + 1 },
  }));
  expect(new Set(results.map((one) => JSON.stringify(one)))).toEqual(
    new Set(numbers.map((one) => JSON.stringify(one))),
  );
  expect(results).toHaveLength(tasks);
  const repeated = all.filter(({ attempt }) => attempt > 1).length;
  return { kills: killed, repeated, elapsedMs: Math.round(performance.now() - begin) };
}
