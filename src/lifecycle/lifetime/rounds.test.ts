import { expect, test } from "vitest";
import { Rounds } from "./rounds.ts";

test("of twenty clusters that are due in one moment three are attended at once, and each of them once, however often it is begun", async () => {
  const attended: string[] = [];
  let atWork = 0;
  let most = 0;
  const rounds = new Rounds(3, async ({ id }: { readonly id: string }) => {
    most = Math.max(most, ++atWork);
    attended.push(id);
    await new Promise((done) => setImmediate(done));
    atWork--;
    if (id === "c-3") throw new Error("one of them fails");
  });
  const clusters = Array.from({ length: 20 }, (_, number) => ({ id: `c-${number}` }));
  rounds.begin(clusters);
  rounds.begin(clusters);
  await rounds.ended();
  expect(most).toBe(3);
  expect(attended).toEqual(clusters.map(({ id }) => id));
  rounds.begin(clusters.slice(0, 1));
  await rounds.ended();
  expect(attended.slice(20)).toEqual(["c-0"]);
});
