import { afterAll, beforeAll, expect, test } from "vitest";
import { startRedis } from "../../tools/services/redis.ts";
import { isAvailable, type Service } from "../../tools/services/service.ts";
import { exactlyOnce } from "./exactly-once/suite.ts";
import { localTarget } from "./support/local-target.ts";

const scale = { instances: 8, tasks: 200, kills: 12, deadlineMs: 240_000 };

let redis: Service | undefined;
let reason = "";

beforeAll(async () => {
  const service = await startRedis({ durable: false });
  if (isAvailable(service)) redis = service;
  else reason = service.unavailable;
});

afterAll(() => redis?.stop());

test("8 instances that are killed at random, 200 tasks in the site's table: each is answered exactly once", async ({
  onTestFinished,
}) => {
  const outcome = await exactlyOnce(await localTarget().team(onTestFinished, { count: 0 }), scale);
  expect(outcome.kills).toBe(scale.kills);
});

test("the same with Redis", async ({ onTestFinished, skip }) => {
  if (redis === undefined) return skip(`no Redis here: ${reason}`);
  const outcome = await exactlyOnce(await localTarget({ redis: redis.url }).team(onTestFinished, { count: 0 }), scale);
  expect(outcome.kills).toBe(scale.kills);
});
