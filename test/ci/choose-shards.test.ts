import { expect, test } from "vitest";
import { budgetSeconds, chooseNext, drawShard } from "../../tools/ci/choose-shards.ts";

test.each([
  ["0", [1, 2, 3, 4]],
  ["00000002ff", [3, 4, 1, 2]],
  ["not a commit", [1, 2, 3, 4]],
])("the commit %s draws where to begin, and all follow", (commit, order) => {
  expect(drawShard(commit, 4)).toEqual(order);
});

const order = [3, 1, 2];
const seconds = [100, 200, 600];

test.each([
  [{ ran: [], elapsedSeconds: 0 }, 3],
  [{ ran: [3], elapsedSeconds: 700 }, 1],
  [{ ran: [], elapsedSeconds: budgetSeconds - 300 }, 1],
  [{ ran: [1], elapsedSeconds: budgetSeconds - 200 }, undefined],
  [{ ran: [], elapsedSeconds: budgetSeconds - 201 }, 1],
  [{ ran: [3, 1, 2], elapsedSeconds: 0 }, undefined],
])("after %j the next shard is %j", (progress, next) => {
  expect(chooseNext({ order, seconds, ...progress })).toBe(next);
});
