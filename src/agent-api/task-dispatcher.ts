import { SwarmError } from "../errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { Json } from "../store/json.ts";
import type { AckReply, EndReply, LeasedTask, LeaseProof, RefusedReply, TaskQueue, Worker } from "../tasks/queue.ts";
import { selectorsOf } from "../tasks/selector.ts";
import type { TaskSource } from "../tasks/task-source.ts";
import { Deliveries } from "./deliveries.ts";
import type { EventRing } from "./events/ring.ts";
import { LongPollWaiters } from "./long-poll-waiters.ts";
import type { OpenTask } from "./messages.ts";

export interface LeaseLimits {
  readonly limit: number;
  /** Aborted at the end of the wait. */
  readonly until: AbortSignal;
  /** Aborted when the caller disconnects. */
  readonly gone: AbortSignal;
}

/** How often waiting calls poll the queue: for tasks that other processes add, and for expired back-offs and leases. */
const lookMs = 1_000;
/** Minimum interval between two extensions of a lease. */
const extendMs = 10_000;

/** Dispatches tasks from the queue to the instances that ask for them. */
export class TaskDispatcher {
  readonly #source: TaskSource;
  readonly #clock: Clock;
  readonly #events: EventRing;
  readonly #waiters = new LongPollWaiters();
  readonly #pausedWaiters = new LongPollWaiters();
  readonly #deliveries = new Deliveries();
  readonly #fenced = new Map<string, number>();
  readonly #extended = new Map<string, number>();
  #looking = false;

  constructor(source: TaskSource, clock: Clock, events: EventRing) {
    this.#source = source;
    this.#clock = clock;
    this.#events = events;
  }

  /** The queue for producers; opened on first use. */
  queue(): Promise<TaskQueue> {
    return this.#source.open();
  }

  /** The queue, if it exists. */
  present(): Promise<TaskQueue | undefined> {
    return this.#source.present();
  }

  /** New work may be available. */
  ring(): void {
    this.#waiters.wakeOneOfEachKind();
  }

  /** The directives have changed: wakes waiting calls so that instances receive them. */
  releaseWaiters(): void {
    this.#waiters.releaseAll();
    this.#pausedWaiters.releaseAll();
  }

  /** For instances that may not lease: waits until the directives change or the wait ends. */
  async untilTold(until: AbortSignal): Promise<void> {
    await this.#pausedWaiters.wait("", until);
  }

  /** Ends the leases of earlier epochs of an instance. */
  async fence(instance: string, epoch: number): Promise<void> {
    this.#deliveries.forget(instance);
    const queue = await this.#source.present();
    if (!queue) return;
    await this.#fence(queue, instance, epoch);
    this.ring();
  }

  /** Up to `limit` tasks, as soon as one is available; [] when the wait ends without one. */
  async lease(worker: Worker, { limit, until, gone }: LeaseLimits): Promise<readonly LeasedTask[]> {
    const kind = JSON.stringify(selectorsOf(worker));
    for (;;) {
      const tasks = await this.#leaseNow(worker, limit);
      if (tasks.length > 0) return this.#deliver(tasks, kind, gone);
      if (until.aborted) return [];
      this.#look();
      if ((await this.#waiters.wait(kind, until)) === "dismissed" || gone.aborted) return [];
    }
  }

  /** Whether an instance holds a task that this process delivered. */
  holds(instance: string): boolean {
    return this.#deliveries.holds(instance);
  }

  async ack(proof: LeaseProof, result: Json): Promise<Exclude<AckReply, RefusedReply>> {
    this.#deliveries.settled(proof);
    const reply = await (await this.#present(proof)).ack(proof, result);
    if (!reply.ok) return refuse(proof, reply.reason);
    this.#events.add("task.done", { task: proof.id, instance: reply.instance });
    return reply;
  }

  async fail(proof: LeaseProof, error: string, retryable: boolean): Promise<Exclude<EndReply, RefusedReply>> {
    this.#deliveries.settled(proof);
    const reply = await (await this.#present(proof)).fail(proof, { error, retryable });
    if (!reply.ok) return refuse(proof, reply.reason);
    this.#events.add("task.failed", { task: proof.id, instance: proof.instance, state: reply.state });
    return reply;
  }

  async handBack(proof: LeaseProof): Promise<Exclude<EndReply, RefusedReply>> {
    this.#deliveries.settled(proof);
    const reply = await (await this.#present(proof)).handBack(proof);
    if (!reply.ok) return refuse(proof, reply.reason);
    this.ring();
    return reply;
  }

  /**
   * Extends the leases of the tasks that an instance works on, and releases tasks that never reached it.
   * @param open undefined when the heartbeat does not name its tasks.
   * @returns the ids of the tasks that the instance no longer holds.
   */
  async extend(instance: string, epoch: number, open: readonly OpenTask[] | undefined): Promise<string[]> {
    if (open === undefined) return [];
    for (const proof of this.#deliveries.lost(instance, open)) await this.handBack(proof).catch(settledMeanwhile);
    const lost: string[] = [];
    const queue = open.length === 0 ? undefined : await this.#source.present();
    for (const { id, attempt } of open) {
      const key = `${instance}/${id}/${attempt}`;
      if (this.#clock.now() - (this.#extended.get(key) ?? 0) < extendMs) continue;
      const reply = await queue?.extend({ id, instance, epoch, attempt });
      if (reply?.ok) this.#extended.set(key, this.#clock.now());
      else lost.push(id);
    }
    this.#forgetOld();
    return lost;
  }

  /** Records a heartbeat of an instance in the queue, for external observers. */
  async beat(agent: string, instance: string): Promise<void> {
    await this.#source.beat?.(agent, instance);
  }

  /** Switches to another queue. */
  async reopen(): Promise<void> {
    this.#fenced.clear();
    await this.close();
  }

  async close(): Promise<void> {
    this.releaseWaiters();
    await this.#source.close();
  }

  async #leaseNow(worker: Worker, limit: number): Promise<readonly LeasedTask[]> {
    const queue = await this.#source.present();
    if (!queue) return [];
    if (this.#fenced.get(worker.instance) !== worker.epoch) await this.#fence(queue, worker.instance, worker.epoch);
    const reply = await queue.lease(worker, limit);
    if (reply.ok) return reply.tasks;
    throw new SwarmError("SW709", `epoch ${worker.epoch} of ${worker.instance} has ended`, { values: { ...worker } });
  }

  async #fence(queue: TaskQueue, instance: string, epoch: number): Promise<void> {
    await queue.fence(instance, epoch);
    this.#fenced.set(instance, epoch);
  }

  /** The caller has disconnected: its leased tasks return to the queue without using up an attempt. */
  async #deliver(tasks: readonly LeasedTask[], kind: string, gone: AbortSignal): Promise<readonly LeasedTask[]> {
    this.#waiters.wakeNext(kind);
    if (!gone.aborted) {
      for (const task of tasks) {
        this.#deliveries.add(task);
        this.#events.add("task.leased", { task: task.id, instance: task.instance, attempt: task.attempt });
      }
      return tasks;
    }
    for (const task of tasks) await this.handBack(task);
    return [];
  }

  async #present(proof: LeaseProof): Promise<TaskQueue> {
    return (await this.present()) ?? refuse(proof, "unknown");
  }

  #look(): void {
    if (this.#looking) return;
    this.#looking = true;
    this.#clock.after(lookMs, () => {
      this.#looking = false;
      if (this.#waiters.empty) return;
      this.ring();
      this.#look();
    });
  }

  #forgetOld(): void {
    if (this.#extended.size < 10_000) return;
    const old = this.#clock.now() - 2 * extendMs;
    for (const [key, at] of this.#extended) if (at < old) this.#extended.delete(key);
  }
}

function settledMeanwhile(error: unknown): void {
  if (!(error instanceof SwarmError)) throw error;
}

function refuse({ id, instance, epoch, attempt }: LeaseProof, reason: RefusedReply["reason"]): never {
  const values = { task: id, instance, epoch, attempt, reason };
  switch (reason) {
    case "unknown":
      throw new SwarmError("SW715", `task ${id} does not exist`, { values });
    case "old-epoch":
      throw new SwarmError("SW709", `epoch ${epoch} of ${instance} has ended`, { values });
    case "lease-lost":
      throw new SwarmError("SW714", `attempt ${attempt} of task ${id} has ended`, {
        hints: ["Drop its result: the task was cancelled, or its lease has expired"],
        values,
      });
    default:
      return reason satisfies never;
  }
}
