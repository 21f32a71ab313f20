import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRedis, type RedisClient } from "../../src/tasks/redis/connect.ts";
import { isAvailable } from "../../tools/services/service.ts";
import { Sandbox, until } from "../support/sandbox.ts";
import { redisDatabase } from "../support/servers/databases.ts";
import { elasticTeam, startAutoscaler, untilRunning } from "./support/autoscaler.ts";

const service = await redisDatabase();

if (!isAvailable(service)) {
  describe.skip(`workers that follow streams of Redis: ${service.unavailable}`, () => {});
} else {
  describe("workers that follow streams of Redis", () => {
    const sandbox = new Sandbox({ REDIS_URL: service.url, SWARM_CLUSTER: "browsers" });
    const stream = `browser:${randomUUID()}:jobs`;
    let client: RedisClient;

    beforeAll(async () => {
      client = await connectRedis(service.url);
      const queue = `    queue: { stream: "${stream}", group: browsers }\n`;
      const blueprint = sandbox.write("team.yaml", elasticTeam("browsers", { worker: queue }));
      expect((await sandbox.run(["up", blueprint])).status).toBe(0);
    });

    afterAll(async () => {
      await sandbox.dispose();
      await client.close();
      await service.stop();
    });

    test("no workers, jobs pushed by another program: workers start, jobs are done, workers go, and the history is in scaling:events", async () => {
      const scaler = startAutoscaler(sandbox, ["--orchestrator", "local", "--interval", "5s"]);
      await until(
        "it has the lease",
        async () => !(await sandbox.run(["status"])).stderr.includes("no autoscaler runs"),
      );
      await untilRunning(sandbox, "worker", 0);
      const job = () => client.xAdd(stream, "*", { skill: "sleep", ms: "500" });
      await Promise.all(Array.from({ length: 8 }, job));
      await untilRunning(sandbox, "worker", 4);
      const heartbeats = `worker:heartbeat:${stream.replace(/:jobs$/, "")}:*`;
      await until("the workers live", async () => (await client.keys(heartbeats)).length > 0);
      await until("the stream is empty", async () => (await client.xLen(stream)) === 0);
      await untilRunning(sandbox, "worker", 0);

      const events = ((await client.xRange("scaling:events", "-", "+")) ?? []).map(({ message }) => message);
      expect(events[0]).toMatchObject({
        ...{ cluster: "browsers", type: "worker", from: "0" },
        ...{ reason: expect.stringContaining("task_queue_length"), time: expect.stringMatching(/^\d{4}-/) },
      });
      expect(events[0]?.trigger).toBe("push");
      expect(events.some(({ to }) => to === "4")).toBe(true);
      expect(events.at(-1)).toMatchObject({ to: "0" });
      expect(await scaler.stop()).toMatchObject({ status: 0 });
    });
  });
}
