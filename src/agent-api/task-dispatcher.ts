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
  /** Aborted at the end of the waiting. */
  readonly until: AbortSignal;
  /** Aborted when the caller is not there any more. */
  readonly gone: AbortSignal;
}

/** How often those who wait look for themselves: for tasks that others add, that come back after a back-off or a lease. */
const lookMs = 1_000;
/** Leases are not prolonged at every heartbeat. */
const extendMs = 10_000;

/** Tasks between the queue and the instances that ask for them. */
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

  /** The queue, opened if it is not there yet, for those who give work. */
  queue(): Promise<TaskQueue> {
    return this.#source.open();
  }

  /** The queue, if there is one already. */
  present(): Promise<TaskQueue | undefined> {
    return this.#source.present();
  }

  /** There is more to do. */
  ring(): void {
    this.#waiters.wakeOneOfEachKind();
  }

  /** What instances are told to do has changed: those who wait must hear it. */
  releaseWaiters(): void {
    this.#waiters.releaseAll();
    this.#pausedWaiters.releaseAll();
  }

  /** For those who may take nothing: until what they are told changes, or the waiting ends. */
  async untilTold(until: AbortSignal): Promise<void> {
    await this.#pausedWaiters.wait("", until);
  }

  /** Ends what earlier lives of an instance hold. */
  async fence(instance: string, epoch: number): Promise<void> {
    this.#deliveries.forget(instance);
    const queue = await this.#source.present();
    if (!queue) return;
    await this.#fence(queue, instance, epoch);
    this.ring();
  }

  /** Up to `limit` tasks, as soon as there is one; [] when the waiting ends without. */
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
   * Prolongs the leases of the tasks that an instance works on, and takes back what has never reached it.
   *
   * @param open undefined where it does not tell.
   * @returns the ids of those that are not its own any more.
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

  /** An instance lives; whoever watches the queue from outside shall see it. */
  async beat(agent: string, instance: string): Promise<void> {
    await this.#source.beat?.(agent, instance);
  }

  /** The tasks are in another queue from now on. */
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
    throw new SwarmError("SW709", `Life ${worker.epoch} of ${worker.instance} is over.`, { values: { ...worker } });
  }

  async #fence(queue: TaskQueue, instance: string, epoch: number): Promise<void> {
    await queue.fence(instance, epoch);
    this.#fenced.set(instance, epoch);
  }

  /** Nobody is there any more to take what was leased: it goes back, and does not count as an attempt. */
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
      throw new SwarmError("SW715", `There is no task ${id}.`, { values });
    case "old-epoch":
      throw new SwarmError("SW709", `Life ${epoch} of ${instance} is over.`, { values });
    case "lease-lost":
      throw new SwarmError("SW714", `Attempt ${attempt} of task ${id} is over.`, {
        hints: ["It was called off, or its lease has ended. Drop its result: nobody waits for it."],
        values,
      });
    default:
      return reason satisfies never;
  }
}
