import { randomUUID } from "node:crypto";
import type { FenceName } from "../../../src/tasks/fences.ts";
import type { NewTask } from "../../../src/tasks/new-task.ts";
import type { LeasedTask, TaskQueue, Worker } from "../../../src/tasks/queue.ts";
import type { Backend } from "./backends.ts";

export const leaseMs = 10_000;

/** Time that stands still until it is turned on. */
export class TurnedClock {
  #now = 1_800_000_000_000;

  now(): number {
    return this.#now;
  }

  advance(ms: number): void {
    this.#now += ms;
  }
}

/** A queue of a cluster of its own, and short words for what most tests do. */
export class Setting {
  readonly clock = new TurnedClock();
  readonly cluster = `c-${randomUUID()}`;
  readonly queue: TaskQueue;

  constructor(backend: Backend, missing: readonly FenceName[] = []) {
    this.queue = backend.queue({ cluster: this.cluster, clock: this.clock, missing });
  }

  async add(task: Partial<NewTask> = {}): Promise<string> {
    this.clock.advance(1);
    const { id } = await this.queue.add({ ...newTask, ...task });
    return id;
  }

  async lease(worker: Partial<Worker> = {}, limit = 1): Promise<readonly LeasedTask[]> {
    const reply = await this.queue.lease({ ...writer, ...worker }, limit);
    if (!reply.ok) throw new Error(reply.reason);
    return reply.tasks;
  }

  /** The one task that there must be. */
  async leaseOne(worker: Partial<Worker> = {}): Promise<LeasedTask> {
    const [task] = await this.lease(worker);
    if (task === undefined) throw new Error("nothing to lease");
    return task;
  }
}

export const newTask: NewTask = {
  selector: { agent: "writer" },
  payload: { topic: "swarms" },
  priority: "normal",
  maxAttempts: 3,
  leaseMs,
};

export const writer: Worker = {
  instance: "writer-0",
  agent: "writer",
  role: "worker",
  capabilities: ["copy", "seo"],
  epoch: 1,
};
