import { afterAll, describe, test } from "vitest";
import { weather } from "../../tasks/chaos/storm.ts";
import { isBackend, startBackends } from "../../tasks/support/backends.ts";

const backends = await startBackends();

afterAll(async () => {
  for (const backend of backends) if (isBackend(backend)) await backend.stop();
});

describe("50 workers that are killed at random, 5,000 tasks", () => {
  for (const backend of backends) {
    if (isBackend(backend)) {
      test(`${backend.name}: each task has exactly one accepted result`, async () => {
        const storm = { workers: 50, tasks: 5_000, workMs: 400, killEveryMs: 500, deadlineMs: 900_000 };
        console.log(await weather(backend, storm));
      });
    } else {
      test.skip(`${backend.name}: ${backend.unavailable}`, () => {});
    }
  }
});
