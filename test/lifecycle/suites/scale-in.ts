import { readFileSync } from "node:fs";
import { basename } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { TaskView } from "../../../src/agent-api/control/task-wire.ts";
import type { RuntimeEvent } from "../../../src/agent-api/events/ring.ts";
import { followEvents } from "../../../src/drivers/control/event-calls.ts";
import { addTask, countTasks, listTasks } from "../../../src/drivers/control/task-calls.ts";
import type { Driver } from "../../../src/drivers/driver.ts";
import { SwarmError } from "../../../src/errors.ts";
import { poll } from "../../../src/platform/wait.ts";
import { seeded } from "../../agents/exactly-once/numbered-tasks.ts";
import { until } from "../../support/sandbox.ts";
import { clusterOn, pulumi, statusOf, swarmctl, type TestCluster } from "../../support/targets/cluster.ts";
import type { Stop, Target } from "../../support/targets/target.ts";

interface ScaleIn {
  /** Busy workers before the scale-in. */
  readonly workers: number;
  readonly seeds: readonly number[];
}

/** Grace period of a worker. */
const drainMs = 8_000;
/** An agent returns an unfinished task this long before the end of its grace period. */
const marginMs = 500;
const finishMs = 10 * 60_000;
/** Maximum duration of the replacement of an agent server. */
const silenceMs = 120_000;

/**
 * Removes half of the busy workers, alternately by `swarmctl scale` and a bare `pulumi up`. Numbered tasks arrive until the command
 * has ended; each has one accepted result, and no busy worker is stopped before the end of its grace period. Longer tasks are
 * returned. The target must report each instance that is asked to stop.
 */
export function scaleInSuite(target: Target, { workers, seeds }: ScaleIn): void {
  const cleaners: (() => Promise<void>)[] = [];
  let cluster: TestCluster;

  beforeAll(async () => {
    const options = { workers: `1-${workers}`, drain: `${drainMs / 1000} seconds` };
    cluster = await clusterOn(target, (clean) => cleaners.push(clean), options);
  });
  afterAll(async () => {
    for (const clean of cleaners) await clean();
  });

  test.each(seeds)(`${workers} busy workers, scaled to half: seed %i`, async (seed) => {
    const rest = Math.floor(workers / 2);
    allow(cluster, workers);
    await swarmctl(cluster, "up", cluster.blueprint, "--target-workers", `${workers + 1}`);
    const driver = await cluster.driver();
    const watch = watchEvents(driver);
    const stops = await cluster.stops?.();
    const work = feed(driver, seed, workers);
    await until("each of them has taken a task", () => watch.takers() === workers, 120_000);

    const byHand = seed % 2 === 0;
    if (byHand) {
      allow(cluster, rest);
      const bare = await pulumi(cluster, "up", "--yes");
      expect(bare, bare.stdout + bare.stderr).toMatchObject({ status: 0 });
    } else await swarmctl(cluster, "scale", cluster.name, "--role", `worker=${rest}`);
    const given = await work.end();
    expect(await statusOf(cluster)).toMatchObject({ state: "running", counts: { worker: rest } });

    const tasks = await untilDone(driver, seed, given.length);
    const events = await watch.end();
    driver.close();
    expect(tasks.map(({ payload, result }) => [numberOf(payload), result?.value])).toEqual(
      given.map((ms, n) => [n, ms]),
    );
    // Only returned tasks have a second attempt: no busy worker was stopped.
    expect(tasks.filter(({ attempt, handedBack }) => attempt !== handedBack + 1)).toEqual([]);
    const stopped = (await stops?.end()) ?? events.filter(({ kind }) => kind === "instance.stopping").map(stopOf);
    expect(stopped).toHaveLength(workers - rest);
    expect(stopped.flatMap((stop) => takenEarly(stop, events))).toEqual([]);
    const handedBack = tasks.filter((task) => task.handedBack > 0).length;
    const busy = stopped.filter((stop) => hadTask(stop, events)).length;
    expect(busy).toBeGreaterThan(0);
    const how = `by ${byHand ? "pulumi up" : "swarmctl scale"}: ${busy} of ${stopped.length} were told in the middle of a task`;
    console.log(`${target.name}: seed ${seed}, ${how}; ${tasks.length} tasks, ${handedBack} handed back`);
  });
}

/** Writes the range of workers into the blueprint. */
function allow({ sandbox, blueprint }: TestCluster, most: number): void {
  sandbox.write(basename(blueprint), readFileSync(blueprint, "utf8").replace(/count: 1-\d+/, `count: 1-${most}`));
}

/** Adds more tasks than the workers can run, until it is stopped. */
function feed(driver: Driver, seed: number, workers: number) {
  const random = seeded(seed);
  const given: number[] = [];
  const enough = new AbortController();
  const feeding = poll(
    async () => {
      const { waiting } = (await answered(() => countTasks(driver))).total;
      for (let missing = 2 * workers - waiting; missing > 0; missing--) {
        // One in twenty takes longer than the grace period.
        const ms = Math.floor(random() < 0.05 ? 1.5 * drainMs : 100 + random() * 2_000);
        const payload = { skill: "sleep", ms, number: given.length };
        given.push(ms);
        const task = { selector: { agent: "worker" }, payload, maxAttempts: 100 };
        await answered(() => addTask(driver, { ...task, idempotencyKey: keyOf(seed, payload.number) }));
      }
      return enough.signal.aborted || undefined;
    },
    { deadlineMs: finishMs, intervalMs: 200 },
  );
  return {
    /** Duration of each task by its number. */
    async end(): Promise<readonly number[]> {
      enough.abort();
      await feeding;
      return given;
    },
  };
}

/** Retries while the agent server does not respond: a new range of replicas replaces its container. */
async function answered<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  const answer = await poll(
    () =>
      ask().catch((error: unknown) => {
        if (error instanceof SwarmError && error.code === "SW704") return undefined;
        throw error;
      }),
    { deadlineMs: silenceMs, intervalMs: 200 },
  );
  if (answer !== undefined) return answer;
  throw new Error(`no response for ${silenceMs} ms`);
}

/** Collects events from now on. */
function watchEvents(driver: Driver) {
  const events: RuntimeEvent[] = [];
  const enough = new AbortController();
  const begun = Date.now();
  const watching = (async () => {
    for await (const event of followEvents(driver, enough.signal)) if (event.at >= begun) events.push(event);
  })();
  return {
    /** Number of workers that have leased a task. */
    takers: () => new Set(events.filter(({ kind }) => kind === "task.leased").map(({ instance }) => instance)).size,
    async end(): Promise<readonly RuntimeEvent[]> {
      enough.abort();
      await watching;
      return events;
    },
  };
}

/** Waits until all tasks of a seed are done, and returns them by number. */
async function untilDone(driver: Driver, seed: number, count: number): Promise<readonly TaskView[]> {
  await until("all tasks are done", async () => (await countTasks(driver)).total.waiting === 0, finishMs);
  await until("no task is leased", async () => (await countTasks(driver)).total.leased === 0, finishMs);
  const tasks: TaskView[] = [];
  let before: string | undefined;
  do {
    const page = await listTasks(driver, { limit: 500, ...(before !== undefined && { before }) });
    tasks.push(...page.items.filter(({ idempotencyKey }) => idempotencyKey.startsWith(keyOf(seed, ""))));
    before = page.next;
  } while (before !== undefined);
  expect(tasks.filter(({ state }) => state !== "done")).toEqual([]);
  expect(tasks).toHaveLength(count);
  return tasks.sort((a, b) => numberOf(a.payload) - numberOf(b.payload));
}

/** Whether an instance was busy when it was asked to stop: it finished or returned a leased task afterwards. */
function hadTask({ instance, at: toldAt }: Stop, events: readonly RuntimeEvent[]): boolean {
  const own = events.filter((event) => event.instance === instance && event.at <= toldAt);
  const taken = own.findLast(({ kind }) => kind === "task.leased");
  return taken !== undefined && !own.some(({ kind, task }) => kind === "task.done" && task === taken.task);
}

/** Tasks of a stopping instance that another instance leased before the end of the grace period. */
function takenEarly({ instance, at: toldAt }: Stop, events: readonly RuntimeEvent[]): readonly unknown[] {
  const leases = events.filter(({ kind }) => kind === "task.leased");
  const own = leases.filter((lease) => lease.instance === instance && lease.at <= toldAt);
  return own.flatMap(({ task, attempt, at }) =>
    leases
      .filter((other) => other.task === task && Number(other.attempt) > Number(attempt))
      .filter((other) => other.at < toldAt + drainMs - marginMs)
      .map((other) => ({ instance, task, leased: at, toldAt, again: other.at })),
  );
}

function stopOf({ instance, at }: RuntimeEvent): Stop {
  return { instance: String(instance), at };
}

function keyOf(seed: number, number: number | ""): string {
  return `seed-${seed}-task-${number}`;
}

function numberOf(payload: unknown): number {
  return typeof payload === "object" && payload !== null && "number" in payload ? Number(payload.number) : -1;
}
