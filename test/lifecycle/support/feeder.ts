import { setTimeout as delay } from "node:timers/promises";
import type { TaskView } from "../../../src/agent-api/control/task-wire.ts";
import { addTask, countTasks, type TaskSubmission } from "../../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { SwarmError } from "../../../src/errors.ts";
import { allTasks } from "../../agents/exactly-once/numbered-tasks.ts";
import { until } from "../../support/sandbox.ts";
import type { TestCluster } from "../../support/targets/cluster.ts";

/** Adds numbered tasks to a cluster, on whichever target it runs. */
export interface Feeder {
  /** Stops. @returns the number of tasks */
  stop(): Promise<number>;
  readonly given: () => number;
}

interface FeedOptions {
  readonly selector: TaskSubmission["selector"];
  /** Duration of a task in milliseconds. */
  readonly workMs: (number: number) => number;
  /** Maximum number of open tasks. */
  readonly atOnce: number;
}

const pauseMs = 50;

/** Retries on the active target when no server responds; the idempotency key prevents duplicates. */
export function feed(cluster: TestCluster, { selector, workMs, atOnce }: FeedOptions): Feeder {
  let number = 0;
  let ends = false;
  let driver: Driver | undefined;

  async function give(desired: TaskSubmission): Promise<void> {
    for (;;) {
      try {
        driver ??= await cluster.driver();
        await addTask(driver, desired);
        return;
      } catch (error) {
        if (!(error instanceof SwarmError)) throw error;
        driver = undefined;
        await delay(pauseMs);
      }
    }
  }

  async function work(): Promise<void> {
    while (!ends) {
      const counts = await (driver === undefined ? undefined : countTasks(driver).catch(() => undefined));
      const open = counts === undefined ? 0 : counts.total.waiting + counts.total.leased;
      for (let left = atOnce - open; left > 0 && !ends; left--) {
        const desired = { selector, payload: { number, ms: workMs(number) }, idempotencyKey: `n-${number}` };
        await give(desired);
        number++;
      }
      await delay(pauseMs);
    }
  }

  const working = work();
  return {
    given: () => number,
    async stop() {
      ends = true;
      await working;
      return number;
    },
  };
}

/** Waits until no task is open, and returns all tasks. */
export async function endedTasks(cluster: TestCluster, count: number): Promise<readonly TaskView[]> {
  const driver = await cluster.driver();
  await until(
    `${count} tasks are done`,
    async () => {
      const { total } = await countTasks(driver);
      return total.waiting + total.leased === 0;
    },
    120_000,
  );
  return allTasks({ driver });
}
