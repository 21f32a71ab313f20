import { randomUUID } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { expect, test } from "vitest";
import type { TaskQueue } from "../../../src/tasks/queue.ts";
import type { Backend } from "../support/backends.ts";
import { newTask } from "../support/setting.ts";
import { Fleet } from "./fleet.ts";

export interface Storm {
  readonly workers: number;
  readonly tasks: number;
  readonly workMs: number;
  readonly killEveryMs: number;
  readonly deadlineMs: number;
}

/** Of a test that is not long. */
export const shortStorm: Storm = { workers: 8, tasks: 400, workMs: 60, killEveryMs: 500, deadlineMs: 120_000 };

/** Workers that are killed at random, on any queue. */
export function stormSuite(backend: Backend, storm: Storm): void {
  test(`${storm.workers} workers that are killed at random, ${storm.tasks} tasks: each has exactly one accepted result`, async () => {
    console.log(await weather(backend, storm));
  });
}

/** Numbered tasks, worked on by processes that are killed at random: each has exactly one accepted result at the end. */
async function weather(backend: Backend, storm: Storm): Promise<string> {
  const folder = mkdtempSync(join(tmpdir(), "swarm-chaos-"));
  const log = join(folder, "accepted");
  writeFileSync(log, "");
  const cluster = `chaos-${randomUUID()}`;
  const queue = backend.queue({ cluster, clock: { now: () => Date.now() } });
  const task = { ...newTask, selector: { role: "worker" }, maxAttempts: 100, leaseMs: 2_000 };
  for (let n = 0; n < storm.tasks; n++) await queue.add({ ...task, payload: { n } });
  const fleet = new Fleet({ place: backend.place, cluster, log, workMs: storm.workMs }, storm.workers);
  const begun = performance.now();
  try {
    while ((await queue.counts()).total.done < storm.tasks) {
      if (performance.now() - begun > storm.deadlineMs) {
        throw new Error(`after ${storm.deadlineMs} ms: ${JSON.stringify((await queue.counts()).total)}`);
      }
      await delay(storm.killEveryMs);
      fleet.killOne(Math.random());
    }
    await fleet.stop();
    expect(fleet.complaints).toEqual([]);
    await expectEachDoneOnce(queue, storm.tasks, readFileSync(log, "utf8"));
    const seconds = ((performance.now() - begun) / 1_000).toFixed(1);
    return `${backend.name}: ${storm.tasks} tasks, ${storm.workers} workers, ${fleet.kills} kills, ${seconds} s`;
  } finally {
    await fleet.stop();
    rmSync(folder, { recursive: true, force: true });
  }
}

async function expectEachDoneOnce(queue: TaskQueue, tasks: number, log: string): Promise<void> {
  const { items } = await queue.list({ limit: tasks + 1 });
  expect(items.map(({ payload }) => payload)).toEqual(Array.from({ length: tasks }, (_, n) => ({ n: tasks - 1 - n })));
  expect(items.filter(({ state }) => state !== "done")).toEqual([]);
  const told = new Map<string, string>();
  for (const line of log.split("\n").filter((one) => one !== "")) {
    const { id, by } = JSON.parse(line) as { id: string; by: string };
    expect([id, told.get(id) ?? by]).toEqual([id, by]);
    told.set(id, by);
  }
  // A worker that was killed between the acknowledgement and its note is missing there, and nobody else.
  for (const { id, payload, result } of items) {
    expect(result?.value).toEqual({
      payload,
      by: told.get(id) ?? `${result?.instance}/${result?.epoch}/${result?.attempt}`,
    });
  }
}
