import type { TaskView } from "../../../src/agent-api/control/task-wire.ts";
import { addTask, countTasks, listTasks } from "../../../src/drivers/control/task-calls.ts";
import { instancesOf, type Team, writers } from "../../support/targets/team.ts";

/** Gives tasks that are numbered from 0; the answer to each is its number and one. */
export async function giveNumbered({ driver }: Team, count: number): Promise<void> {
  const width = 8;
  for (let begin = 0; begin < count; begin += width) {
    const numbers = Array.from({ length: Math.min(width, count - begin) }, (_, index) => begin + index);
    await Promise.all(
      numbers.map((number) =>
        addTask(driver, {
          selector: writers,
          payload: { skill: "sum", numbers: [number, 1] },
          idempotencyKey: `task-${number}`,
          // A kill costs an attempt, and there are many.
          maxAttempts: 100,
        }),
      ),
    );
  }
}

export async function allTasks({ driver }: Pick<Team, "driver">): Promise<TaskView[]> {
  const tasks: TaskView[] = [];
  let before: string | undefined;
  do {
    const page = await listTasks(driver, { limit: 500, ...(before !== undefined && { before }) });
    tasks.push(...page.items);
    before = page.next;
  } while (before !== undefined);
  return tasks;
}

export async function countDone({ driver }: Team): Promise<number> {
  return (await countTasks(driver)).total.done;
}

/** Kills a random instance that runs. @returns whether there was one. */
export async function killOne(team: Team, random: () => number): Promise<boolean> {
  const running = (await instancesOf(team)).filter(({ state }) => state === "running");
  const victim = running[Math.floor(random() * running.length)];
  if (victim === undefined) return false;
  await team.kill(victim.id);
  return true;
}

/** A small generator of random numbers (mulberry32), so that a failure can be repeated. */
export function seeded(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
