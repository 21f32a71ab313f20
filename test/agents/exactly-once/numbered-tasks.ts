import { addTask, countTasks, listTasks } from "../../../src/runtime/control/task-calls.ts";
import type { TaskView } from "../../../src/runtime/control/task-wire.ts";
import type { Site } from "../../../src/runtime/site.ts";
import { supervisorStatus } from "../../../src/runtime/supervisor/client.ts";
import { driverOf } from "../support/site.ts";

/** Gives tasks that are numbered from 0; the answer to each is its number and one. */
export async function giveNumbered(site: Site, count: number): Promise<void> {
  const width = 8;
  for (let begin = 0; begin < count; begin += width) {
    const numbers = Array.from({ length: Math.min(width, count - begin) }, (_, index) => begin + index);
    await Promise.all(
      numbers.map((number) =>
        addTask(driverOf(site), {
          selector: { agent: "writer" },
          payload: { skill: "sum", numbers: [number, 1] },
          idempotencyKey: `task-${number}`,
          // A kill costs an attempt, and there are many.
          maxAttempts: 100,
        }),
      ),
    );
  }
}

export async function allTasks(site: Site): Promise<TaskView[]> {
  const tasks: TaskView[] = [];
  let before: string | undefined;
  do {
    const page = await listTasks(driverOf(site), { limit: 500, ...(before !== undefined && { before }) });
    tasks.push(...page.items);
    before = page.next;
  } while (before !== undefined);
  return tasks;
}

export async function countDone(site: Site): Promise<number> {
  return (await countTasks(driverOf(site))).total.done;
}

/** Kills a random instance that runs. @returns whether there was one. */
export async function killOne(site: Site, random: () => number): Promise<boolean> {
  const { pools } = await supervisorStatus(site.dir);
  const pids = pools.flatMap(({ instances }) =>
    instances.flatMap(({ pid, state }) => (state === "running" ? (pid ?? []) : [])),
  );
  const victim = pids[Math.floor(random() * pids.length)];
  if (victim === undefined) return false;
  try {
    process.kill(victim, "SIGKILL");
    return true;
  } catch {
    return false;
  }
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
