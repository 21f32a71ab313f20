import { randomUUID } from "node:crypto";
import { setTimeout as delay } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { connectRedis, type RedisClient } from "../../src/tasks/redis/connect.ts";
import { RedisHeartbeats } from "../../src/tasks/redis/heartbeats.ts";
import { RedisQueue } from "../../src/tasks/redis/queue.ts";
import { isAvailable } from "../../tools/services/service.ts";
import { redisDatabase } from "../support/servers/databases.ts";
import { random } from "./support/backends.ts";
import { leaseMs, newTask, TurnedClock, writer } from "./support/setting.ts";

const service = await redisDatabase();

if (!isAvailable(service)) {
  describe.skip(`what others see in Redis: ${service.unavailable}`, () => {});
} else {
  describe("what others see in Redis", () => {
    let client: RedisClient;

    beforeAll(async () => {
      client = await connectRedis(service.url);
    });

    afterAll(async () => {
      await client.close();
      await service.stop();
    });

    function setting(named?: { stream: string; group: string }) {
      const cluster = `c-${randomUUID()}`;
      const clock = new TurnedClock();
      const streams = named === undefined ? {} : { writer: named };
      return { cluster, clock, queue: new RedisQueue({ client, cluster, clock, random, streams }) };
    }

    async function leaseOne(queue: RedisQueue) {
      const reply = await queue.lease(writer, 1);
      const task = reply.ok ? reply.tasks[0] : undefined;
      if (task === undefined) throw new Error("nothing to lease");
      return task;
    }

    test("the length of a stream is what waits or is worked on", async () => {
      const { queue, cluster, clock } = setting();
      const stream = `${cluster}:writer:jobs`;
      for (let n = 0; n < 3; n++) await queue.add(newTask);
      expect(await client.xLen(stream)).toBe(3);
      const done = await leaseOne(queue);
      await leaseOne(queue);
      expect(await client.xLen(stream)).toBe(3);
      expect((await client.xPending(stream, "swarmstack")).pending).toBe(2);
      await queue.ack(done, 1);
      expect(await client.xLen(stream)).toBe(2);
      expect((await client.xPending(stream, "swarmstack")).pending).toBe(1);
      clock.advance(leaseMs);
      await queue.sweep();
      expect(await client.xLen(stream)).toBe(2);
      expect((await client.xPending(stream, "swarmstack")).pending).toBe(0);
    });

    test("an agent's stream and group are those of its blueprint", async () => {
      const named = { stream: `jobs:${randomUUID()}`, group: "creators" };
      const { queue } = setting(named);
      await queue.add(newTask);
      await leaseOne(queue);
      expect((await client.xPending(named.stream, "creators")).consumers).toMatchObject([{ name: "writer-0" }]);
    });

    test("a job that somebody else put into the stream becomes a task", async () => {
      const named = { stream: `browser:${randomUUID()}:jobs`, group: "browsers" };
      const { queue } = setting(named);
      await client.xAdd(named.stream, "*", { job: "start", url: "https://example.org" });
      const task = await leaseOne(queue);
      expect(task).toMatchObject({ payload: { job: "start", url: "https://example.org" }, attempt: 1 });
      expect(await queue.ack(task, "started")).toMatchObject({ ok: true });
      expect(await queue.show(task.id)).toMatchObject({ state: "done", result: { value: "started" } });
      expect(await client.xLen(named.stream)).toBe(0);
    });

    test("a server that forgot the scripts is taught them again", async () => {
      const { queue } = setting();
      await queue.add(newTask);
      await client.scriptFlush();
      expect(await leaseOne(queue)).toMatchObject({ attempt: 1 });
    });

    test("heartbeats under the original's keys, which expire", async () => {
      const type = `browser-${randomUUID()}`;
      const heartbeats = new RedisHeartbeats(client, 300);
      await heartbeats.beat(type, "b-1", 1);
      await heartbeats.beat(type, "b-0", 1);
      expect(await client.exists(`worker:heartbeat:${type}:b-0`)).toBe(1);
      expect(await heartbeats.alive(type)).toEqual(["b-0", "b-1"]);
      await heartbeats.stop(type, "b-0");
      expect(await heartbeats.alive(type)).toEqual(["b-1"]);
      await delay(350);
      expect(await heartbeats.alive(type)).toEqual([]);
    });

    test("nothing is left of a task that is pruned", async () => {
      const { queue, cluster, clock } = setting();
      await queue.add(newTask);
      await queue.ack(await leaseOne(queue), 1);
      clock.advance(1);
      await queue.prune(clock.now());
      const left = (await client.keys(`swarm:{${cluster}}:*`)).map((key) => key.replace(/^.*\}:/, ""));
      expect(left.toSorted()).toEqual(["counts", "lives", "turn"]);
    });

    test("a server that is not there is told without its password", async () => {
      const error: unknown = await connectRedis("redis://:hunter2@127.0.0.1:1").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "SW603" });
      expect(String(error)).not.toContain("hunter2");
    });
  });
}
