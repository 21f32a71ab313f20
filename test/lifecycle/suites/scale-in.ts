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
  /** At work, before half of them have to go. */
  readonly workers: number;
  readonly seeds: readonly number[];
}

/** Longest time that a worker has to end. */
const drainMs = 8_000;
/** Before its end an agent hands back what it has not done. */
const marginMs = 500;
const finishMs = 10 * 60_000;
/** Longest time in which an agent server is replaced. */
const silenceMs = 120_000;

/**
 * Half of the workers go while all are at work, by `swarmctl scale` and by a bare `pulumi up` in turn: each of the numbered
 * tasks, which come until the command has ended, has one accepted result, and nobody who works on one is stopped before the
 * deadline of the drain. Some tasks take longer than that, and are handed back then. The target has to tell of each
 * instance that is told to end.
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

  test.each(seeds)(`${workers} busy workers, half of them go: seed %i`, async (seed) => {
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
    // Only what is handed back is begun again: nobody was stopped with a task in hand.
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

/** Writes into the blueprint how many workers there may be. */
function allow({ sandbox, blueprint }: TestCluster, most: number): void {
  sandbox.write(basename(blueprint), readFileSync(blueprint, "utf8").replace(/count: 1-\d+/, `count: 1-${most}`));
}

/** Gives tasks, more than can be in work, until it is told to end. */
function feed(driver: Driver, seed: number, workers: number) {
  const random = seeded(seed);
  const given: number[] = [];
  const enough = new AbortController();
  const feeding = poll(
    async () => {
      const { waiting } = (await answered(() => countTasks(driver))).total;
      for (let missing = 2 * workers - waiting; missing > 0; missing--) {
        // One in twenty takes longer than anybody has to end.
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
    /** How long each task takes, by its number. */
    async end(): Promise<readonly number[]> {
      enough.abort();
      await feeding;
      return given;
    },
  };
}

/** Asks again while nobody answers: another range of counts is another agent server, where that is a container. */
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
  throw new Error(`nobody has answered for ${silenceMs} ms`);
}

/** The events from now on. */
function watchEvents(driver: Driver) {
  const events: RuntimeEvent[] = [];
  const enough = new AbortController();
  const begun = Date.now();
  const watching = (async () => {
    for await (const event of followEvents(driver, enough.signal)) if (event.at >= begun) events.push(event);
  })();
  return {
    /** How many have taken a task. */
    takers: () => new Set(events.filter(({ kind }) => kind === "task.leased").map(({ instance }) => instance)).size,
    async end(): Promise<readonly RuntimeEvent[]> {
      enough.abort();
      await watching;
      return events;
    },
  };
}

/** The tasks of a seed in the order of their numbers, when all are done. */
async function untilDone(driver: Driver, seed: number, count: number): Promise<readonly TaskView[]> {
  await until("all tasks are done", async () => (await countTasks(driver)).total.waiting === 0, finishMs);
  await until("nobody works", async () => (await countTasks(driver)).total.leased === 0, finishMs);
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

/** Whether somebody worked on a task when it was told to end: it had taken one that it finished, or gave back, afterwards. */
function hadTask({ instance, at: toldAt }: Stop, events: readonly RuntimeEvent[]): boolean {
  const own = events.filter((event) => event.instance === instance && event.at <= toldAt);
  const taken = own.findLast(({ kind }) => kind === "task.leased");
  return taken !== undefined && !own.some(({ kind, task }) => kind === "task.done" && task === taken.task);
}

/** What somebody worked on who was told to end, and others had before the deadline. */
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
