import { expect, test } from "vitest";
import { enginesAtOnce, WorkerPool } from "./worker-pool.ts";

test("reconciles three of twenty due clusters at once, and each once even if queued twice", async () => {
  const result: string[] = [];
  let atWork = 0;
  let most = 0;
  const workers = new WorkerPool(3, async ({ id }: { readonly id: string }) => {
    most = Math.max(most, ++atWork);
    result.push(id);
    await new Promise((done) => setImmediate(done));
    atWork--;
    if (id === "c-3") throw new Error("one of them fails");
  });
  const clusters = Array.from({ length: 20 }, (_, number) => ({ id: `c-${number}` }));
  workers.begin(clusters);
  workers.begin(clusters);
  await workers.ended();
  expect(most).toBe(3);
  expect(result).toEqual(clusters.map(({ id }) => id));
  workers.begin(clusters.slice(0, 1));
  await workers.ended();
  expect(result.slice(20)).toEqual(["c-0"]);
});

const gib = 1024 ** 3;

test.each([
  { cores: 2, memory: 24 * gib, engines: 2 },
  { cores: 16, memory: 8 * gib, engines: 4 },
  { cores: 64, memory: 256 * gib, engines: 64 },
  { cores: 2, memory: gib, engines: 1 },
])("$cores cores and $memory bytes: $engines", ({ cores, memory, engines }) => {
  expect(enginesAtOnce(cores, memory)).toBe(engines);
});
