import { expect, test } from "vitest";
import { isAvailable } from "../../tools/services/service.ts";
import { redisDatabase } from "../support/servers/databases.ts";
import { localTeam } from "../support/targets/local-team.ts";
import { exactlyOnce, smallScale } from "./exactly-once/suite.ts";

test("8 instances that are killed at random, 200 tasks in Redis: each is answered exactly once", async ({
  onTestFinished,
  skip,
}) => {
  const redis = await redisDatabase();
  if (!isAvailable(redis)) return skip(redis.unavailable);
  onTestFinished(redis.stop);
  const outcome = await exactlyOnce(await localTeam({ redis: redis.url })(onTestFinished, { count: 0 }), smallScale);
  expect(outcome.kills).toBe(smallScale.kills);
});
