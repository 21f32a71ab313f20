import { expect, test } from "vitest";
import { shareLeased, shareWaiting, type Taker } from "./share-tasks.ts";

const writer: Taker = { key: "writer", selectors: ["agent:writer", "role:worker"], max: 6, idle: 0, held: 0 };
const editor: Taker = {
  key: "editor",
  selectors: ["agent:editor", "role:worker", "capability:seo"],
  max: 2,
  idle: 0,
  held: 0,
};

test.each([
  ["its own", { "agent:writer": 5 }, {}, {}, { writer: 5, editor: 0 }],
  ["of a capability that one has", { "capability:seo": 3 }, {}, {}, { writer: 0, editor: 3 }],
  ["of a role, in proportion to their ranges", { "role:worker": 8 }, {}, {}, { writer: 6, editor: 2 }],
  ["of a role, more than a round", { "role:worker": 4_000_001 }, {}, {}, { writer: 3_000_001, editor: 1_000_000 }],
  ["of a role, idle instances first", { "role:worker": 2 }, {}, { idle: 2 }, { writer: 0, editor: 2 }],
  [
    "of a role, after their own",
    { "role:worker": 2, "agent:editor": 1 },
    { idle: 1 },
    { idle: 2 },
    { writer: 1, editor: 2 },
  ],
  ["that no agent may take", { "role:lead": 2 }, {}, {}, { writer: 0, editor: 0 }],
])("tasks %s", (_, waiting, first, second, shares) => {
  expect(
    shareWaiting(waiting, [
      { ...writer, ...first },
      { ...editor, ...second },
    ]),
  ).toEqual(shares);
});

test("agents without a range get nothing", () => {
  expect(
    shareWaiting({ "role:worker": 2 }, [
      { ...writer, max: 0 },
      { ...editor, max: 0 },
    ]),
  ).toEqual({ writer: 0, editor: 0 });
});

test("leased tasks are of those that hold them", () => {
  const takers = [writer, { ...editor, held: 3 }];
  expect(shareLeased({ "role:worker": 3 }, takers)).toEqual({ writer: 0, editor: 3 });
  expect(shareLeased({ "role:worker": 2, "capability:seo": 1 }, takers)).toEqual({ writer: 0, editor: 3 });
  expect(shareLeased({ "role:worker": 7 }, takers)).toEqual({ writer: 3, editor: 4 });
});

test("more tasks never lower a share", () => {
  const takers = [writer, { ...editor, idle: 1 }, { ...writer, key: "third", max: 5 }];
  let before = shareWaiting({}, takers);
  for (let tasks = 1; tasks < 60; tasks++) {
    const now = shareWaiting({ "role:worker": tasks }, takers);
    expect(Object.values(now).reduce((sum, one) => sum + one, 0)).toBe(tasks);
    for (const { key } of takers) expect(now[key] ?? 0).toBeGreaterThanOrEqual(before[key] ?? 0);
    before = now;
  }
});
