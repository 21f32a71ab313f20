import { afterAll, describe, test } from "vitest";
import { weather } from "../../tasks/chaos/storm.ts";
import { isBackend, startBackends } from "../../tasks/support/backends.ts";

const backends = await startBackends();

afterAll(async () => {
  for (const backend of backends) if (isBackend(backend)) await backend.stop();
});

const servers = { workers: 50, tasks: 5_000, workMs: 400, killEveryMs: 500, deadlineMs: 900_000 };
// A file has one writer at a time and no line of those that wait: its queue is for one process, and a handful may share it.
const file = { ...servers, workers: 8, tasks: 1_000, workMs: 50 };

describe("workers that are killed at random, numbered tasks", () => {
  for (const backend of backends) {
    if (isBackend(backend)) {
      const storm = backend.name === "sqlite" ? file : servers;
      test(`${backend.name}, ${storm.workers} workers, ${storm.tasks} tasks: each has exactly one accepted result`, async () => {
        console.log(await weather(backend, storm));
      });
    } else {
      test.skip(`${backend.name}: ${backend.unavailable}`, () => {});
    }
  }
});
