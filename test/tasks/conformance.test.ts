import { afterAll, describe } from "vitest";
import { describeAdding } from "./conformance/adding.ts";
import { describeCarrying } from "./conformance/carrying.ts";
import { describeEnding } from "./conformance/ending.ts";
import { describeFences } from "./conformance/fences.ts";
import { describeLeasing } from "./conformance/leasing.ts";
import { describeReading } from "./conformance/reading.ts";
import { describeModel } from "./model/check.ts";
import { isBackend, startBackends } from "./support/backends.ts";

const backends = await startBackends();

afterAll(async () => {
  for (const backend of backends) if (isBackend(backend)) await backend.stop();
});

for (const backend of backends) {
  if (!isBackend(backend)) {
    describe.skip(`tasks in ${backend.name}: ${backend.unavailable}`, () => {});
    continue;
  }
  describe(`tasks in ${backend.name}`, () => {
    describeAdding(backend);
    describeLeasing(backend);
    describeEnding(backend);
    describeReading(backend);
    describeCarrying(backend);
    describeFences(backend);
    describeModel(backend, { seeds: [1, 20_261_122], runs: 15, length: 60 });
  });
}
