import { afterAll, describe } from "vitest";
import { describeModel } from "../../tasks/model/check.ts";
import { isBackend, startBackends } from "../../tasks/support/backends.ts";

const backends = await startBackends();

afterAll(async () => {
  for (const backend of backends) if (isBackend(backend)) await backend.stop();
});

for (const backend of backends) {
  if (isBackend(backend)) {
    describe(`tasks in ${backend.name}`, () => {
      describeModel(backend, { seeds: [2, 3, 5, 7, 11, 13, 17, 19], runs: 50, length: 120 });
    });
  } else {
    describe.skip(`tasks in ${backend.name}: ${backend.unavailable}`, () => {});
  }
}
