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
  describe.skip(`the Redis data of a queue: ${service.unavailable}`, () => {});
} else {
  describe("the Redis data of a queue", () => {
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

    test("the length of a stream counts waiting and leased tasks", async () => {
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

    test("a job of another producer in the stream becomes a task", async () => {
      const named = { stream: `browser:${randomUUID()}:jobs`, group: "browsers" };
      const { queue } = setting(named);
      await client.xAdd(named.stream, "*", { job: "start", url: "https://example.org" });
      const task = await leaseOne(queue);
      expect(task).toMatchObject({ payload: { job: "start", url: "https://example.org" }, attempt: 1 });
      expect(await queue.ack(task, "started")).toMatchObject({ ok: true });
      expect(await queue.show(task.id)).toMatchObject({ state: "done", result: { value: "started" } });
      expect(await client.xLen(named.stream)).toBe(0);
    });

    describe("entries that no instance has leased yet", () => {
      const writers = { "agent:writer": 0 };

      async function countsOf(queue: RedisQueue) {
        const { bySelector, unreadable } = await queue.counts(Object.keys(writers));
        const { waiting = 0, leased = 0 } = bySelector["agent:writer"] ?? {};
        return unreadable?.["agent:writer"] ?? { waiting, leased };
      }

      test("count as waiting, before the group exists and after", async () => {
        const named = { stream: `browser:${randomUUID()}:jobs`, group: "browsers" };
        const { queue } = setting(named);
        await client.xAdd(named.stream, "*", { job: "start" });
        await client.xAdd(`${named.stream}:high`, "*", { job: "stop" });
        await client.xAdd(`${named.stream}:low`, "*", { job: "later" });
        expect(await countsOf(queue)).toEqual({ waiting: 3, leased: 0 });
        expect((await queue.counts()).total.waiting).toBe(0);
        await queue.add(newTask);
        const task = await leaseOne(queue);
        expect(await countsOf(queue)).toEqual({ waiting: 3, leased: 1 });
        await queue.ack(task, 1);
        expect(await countsOf(queue)).toEqual({ waiting: 3, leased: 0 });
      });

      test("count beside tasks that back off, are cancelled, or whose lease has expired", async () => {
        const { queue, cluster, clock } = setting();
        const stream = `${cluster}:writer:jobs`;
        for (let n = 0; n < 4; n++) await queue.add(newTask);
        await queue.fail(await leaseOne(queue), { error: "x", retryable: true });
        const { items } = await queue.list({ limit: 1 });
        await queue.cancel(items[0]?.id ?? "");
        await leaseOne(queue);
        await client.xAdd(stream, "*", { job: "a" });
        expect(await countsOf(queue)).toEqual({ waiting: 3, leased: 1 });
        clock.advance(leaseMs);
        expect(await countsOf(queue)).toEqual({ waiting: 4, leased: 0 });
      });

      test("that a program of its own has taken from the stream, count as leased until it acknowledges them", async () => {
        const named = { stream: `orders:${randomUUID()}`, group: "own" };
        const { queue } = setting(named);
        for (let n = 0; n < 3; n++) await client.xAdd(named.stream, "*", { n: String(n) });
        await client.xGroupCreate(named.stream, named.group, "0");
        const reply = await client.xReadGroup(named.group, "me", { key: named.stream, id: ">" }, { COUNT: 2 });
        const ids = (reply as unknown as { messages: { id: string }[] }[])[0]?.messages.map(({ id }) => id) ?? [];
        expect(await countsOf(queue)).toEqual({ waiting: 1, leased: 2 });
        // It leaves them in the stream: XLEN is 3 for ever.
        await client.xAck(named.stream, named.group, ids);
        expect(await countsOf(queue)).toEqual({ waiting: 1, leased: 0 });
        await client.xReadGroup(named.group, "me", { key: named.stream, id: ">" });
        expect(await countsOf(queue)).toEqual({ waiting: 0, leased: 1 });
      });

      test("are not counted in a key that is no stream", async () => {
        const named = { stream: `jobs:${randomUUID()}`, group: "own" };
        const { queue } = setting(named);
        await client.set(named.stream, "text");
        expect(await countsOf(queue)).toContain("WRONGTYPE");
      });
    });

    test("scripts are loaded again after a server lost them", async () => {
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

    test("a pruned task leaves no keys", async () => {
      const { queue, cluster, clock } = setting();
      await queue.add(newTask);
      await queue.ack(await leaseOne(queue), 1);
      clock.advance(1);
      await queue.prune(clock.now());
      const left = (await client.keys(`swarm:{${cluster}}:*`)).map((key) => key.replace(/^.*\}:/, ""));
      expect(left.toSorted()).toEqual(["counts", "lives", "turn"]);
    });

    test("the error for an unreachable server omits its password", async () => {
      const error: unknown = await connectRedis("redis://:hunter2@127.0.0.1:1").catch((thrown: unknown) => thrown);
      expect(error).toMatchObject({ code: "SW603" });
      expect(String(error)).not.toContain("hunter2");
    });
  });
}
