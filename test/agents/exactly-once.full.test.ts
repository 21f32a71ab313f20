import { afterAll, expect, test } from "vitest";
import type { SiteSettings } from "../../src/supervisor/settings.ts";
import { startPostgres } from "../../tools/services/postgres.ts";
import { startRedis } from "../../tools/services/redis.ts";
import { isAvailable, type Service, type Unavailable } from "../../tools/services/service.ts";
import { requireServers } from "../support/servers/required.ts";
import { localTeam } from "../support/targets/local-team.ts";
import { exactlyOnce } from "./exactly-once/suite.ts";

const scale = { instances: 50, tasks: 5_000, kills: 150, deadlineMs: 18 * 60_000 };

interface Queue {
  readonly name: string;
  readonly start?: () => Promise<Service | Unavailable>;
  readonly settings: (url: string) => SiteSettings;
}

const queues: readonly Queue[] = [
  { name: "a table of SQLite", settings: () => ({}) },
  {
    name: "a table of PostgreSQL",
    start: () => startPostgres({ durable: true }),
    settings: (database) => ({ database }),
  },
  { name: "Redis", start: () => startRedis({ durable: true }), settings: (redis) => ({ redis }) },
];

const started: Service[] = [];

afterAll(() => Promise.all(started.map((service) => service.stop())));

test.for(queues)("50 instances that are killed at random, 5,000 tasks in $name: each is answered exactly once", async ({
  name,
  start,
  settings,
}, { onTestFinished, skip }) => {
  const service = await start?.();
  if (service) requireServers({ [name]: service });
  if (service && !isAvailable(service)) return skip(service.unavailable);
  if (service) started.push(service);
  const team = await localTeam(settings(service?.url ?? ""))(onTestFinished, { count: 0 });
  const outcome = await exactlyOnce(team, scale);
  process.stderr.write(`${name}: ${JSON.stringify(outcome)}\n`);
  expect(outcome.kills).toBe(scale.kills);
});
