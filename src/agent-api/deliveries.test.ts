import { expect, test } from "vitest";
import { Deliveries } from "./deliveries.ts";

const proof = { id: "t", instance: "w-0", epoch: 1, attempt: 1 };
const named = [{ id: "t", attempt: 1 }];

test.each([
  { name: "named all along", beats: [named, named, named], lost: 0 },
  { name: "missed once", beats: [[], named, []], lost: 0 },
  { name: "missed twice in a row", beats: [named, [], []], lost: 1 },
  { name: "another attempt is named", beats: [[{ id: "t", attempt: 2 }], [{ id: "t", attempt: 2 }]], lost: 1 },
  { name: "missed for long, and taken back once", beats: [[], [], [], []], lost: 1 },
])("$name: $lost lost", ({ beats, lost }) => {
  const deliveries = new Deliveries();
  deliveries.add(proof);
  expect(beats.flatMap((open) => deliveries.lost("w-0", open))).toHaveLength(lost);
});

test("what is settled or of a former life is not lost", () => {
  const deliveries = new Deliveries();
  deliveries.add(proof);
  deliveries.settled(proof);
  deliveries.add({ ...proof, instance: "w-1" });
  deliveries.forget("w-1");
  for (let beat = 0; beat < 3; beat++) {
    expect([...deliveries.lost("w-0", []), ...deliveries.lost("w-1", [])]).toEqual([]);
  }
});
