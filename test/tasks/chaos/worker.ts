import { appendFileSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import type { LeasedTask, TaskQueue } from "../../../src/tasks/queue.ts";
import { connectQueue } from "./connect.ts";
import type { Order } from "./order.ts";

/**
 * A worker that is killed at any moment: it leases, works, extends, fails, hands back and acknowledges until then, and
 * writes down each acknowledgement of its own that was accepted.
 */
const order = JSON.parse(process.argv[2] ?? "") as Order;
const queue = await connectQueue(order);

for (;;) {
  const reply = await queue.lease({ ...order.worker, agent: "worker", role: "worker", capabilities: [] }, 2);
  // Another life of this instance has begun; this one was to be dead.
  if (!reply.ok) break;
  process.stdout.write("at work\n");
  for (const task of reply.tasks) await work(queue, task);
  if (reply.tasks.length === 0) await delay(50);
}
process.exit(0);

async function work(queue: TaskQueue, task: LeasedTask): Promise<void> {
  const luck = Math.random();
  await delay(luck * 2 * order.workMs);
  if (luck < 0.05) await queue.fail(task, { error: "bad luck", retryable: true });
  else if (luck < 0.1) await queue.handBack(task);
  else await finish(queue, task, luck > 0.8);
}

async function finish(queue: TaskQueue, task: LeasedTask, twice: boolean): Promise<void> {
  const { instance, attempt } = task;
  await queue.extend(task);
  const result = { payload: task.payload, by: `${instance}/${task.epoch}/${attempt}` };
  const reply = await queue.ack(task, result);
  if (twice) await queue.ack(task, { ...result, by: "nobody" });
  if (!reply.ok || reply.instance !== instance || reply.attempt !== attempt) return;
  appendFileSync(order.log, `${JSON.stringify({ id: task.id, by: result.by })}\n`);
}
