import { expect, test } from "vitest";
import { localTarget } from "../support/targets/local.ts";
import { exactlyOnce, smallScale } from "./exactly-once/suite.ts";

test("8 instances that are killed at random, 200 tasks in the site's table: each is answered exactly once", async ({
  onTestFinished,
}) => {
  const outcome = await exactlyOnce(await localTarget.team(onTestFinished, { count: 0 }), smallScale);
  expect(outcome.kills).toBe(smallScale.kills);
});
