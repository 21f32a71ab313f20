import { afterAll, describe, test } from "vitest";
import { weather } from "./chaos/storm.ts";
import { isBackend, startBackends } from "./support/backends.ts";

const backends = await startBackends();

afterAll(async () => {
  for (const backend of backends) if (isBackend(backend)) await backend.stop();
});

describe("8 workers that are killed at random, 400 tasks", () => {
  for (const backend of backends) {
    if (isBackend(backend)) {
      test(`${backend.name}: each task has exactly one accepted result`, async () => {
        const storm = { workers: 8, tasks: 400, workMs: 60, killEveryMs: 500, deadlineMs: 120_000 };
        console.log(await weather(backend, storm));
      });
    } else {
      test.skip(`${backend.name}: ${backend.unavailable}`, () => {});
    }
  }
});
