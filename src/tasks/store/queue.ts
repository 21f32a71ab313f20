import type { WallClock } from "../../store/clock.ts";
import { type Database, transaction } from "../../store/database.ts";
import type { Json } from "../../store/json.ts";
import { type Fences, fences } from "../fences.ts";
import type { NewTask } from "../new-task.ts";
import type { LeaseProof, LeaseReply, TaskFailure, TaskListRequest, TaskQueue, Worker } from "../queue.ts";
import { retryDelayMs } from "../retry-delay.ts";
import type { Task } from "../task.ts";
import { add, cancel, prune, remove, requeue } from "./admin.ts";
import { beginEpoch } from "./epoch.ts";
import { leaseTasks } from "./lease.ts";
import { counts, list, show } from "./read.ts";
import { ack, extend, fail, handBack, type Settling } from "./settle.ts";
import { sweep } from "./sweep.ts";
import { takeOver } from "./take-over.ts";

export interface StoreQueueOptions {
  readonly database: Database;
  readonly cluster: string;
  readonly clock: WallClock;
  /** In [0, 1): spreads the back-off. */
  readonly random: () => number;
}

/** The tasks of a cluster in the store's tables. */
export class StoreQueue implements TaskQueue {
  readonly #fences: Fences;
  readonly #database: Database;
  readonly #cluster: string;
  readonly #clock: WallClock;
  readonly #random: () => number;

  constructor({ database, cluster, clock, random }: StoreQueueOptions, by: Fences = fences) {
    this.#fences = by;
    this.#database = database;
    this.#cluster = cluster;
    this.#clock = clock;
    this.#random = random;
  }

  add(task: NewTask) {
    return add(this.#scope(), task);
  }

  fence(instance: string, epoch: number): Promise<boolean> {
    const { database, cluster, now } = this.#scope();
    return transaction(database, (inside) => beginEpoch(inside, { cluster, instance, epoch, now }));
  }

  lease(worker: Worker, limit: number): Promise<LeaseReply> {
    const { database, cluster, now } = this.#scope();
    return transaction(database, async (inside) => {
      const { instance, epoch } = worker;
      const alive = await beginEpoch(inside, { cluster, instance, epoch, now });
      if (!alive) return { ok: false, reason: "old-epoch" };
      await sweep(inside, cluster, now);
      return { ok: true, tasks: await leaseTasks(inside, { cluster, worker, limit, now }) };
    });
  }

  extend(proof: LeaseProof) {
    return this.#settle(proof, extend);
  }

  ack(proof: LeaseProof, result: Json) {
    return this.#settle(proof, (settling) => ack(settling, result));
  }

  fail(proof: LeaseProof, failure: TaskFailure) {
    const delayMs = retryDelayMs(proof.attempt, this.#random());
    return this.#settle(proof, (settling) => fail(settling, failure, delayMs));
  }

  handBack(proof: LeaseProof) {
    return this.#settle(proof, handBack);
  }

  cancel(id: string) {
    return cancel(this.#scope(), id);
  }

  requeue(id: string) {
    return requeue(this.#scope(), id);
  }

  remove(id: string) {
    return remove(this.#scope(), id);
  }

  sweep(): Promise<number> {
    const { database, cluster, now } = this.#scope();
    return transaction(database, (inside) => sweep(inside, cluster, now));
  }

  show(id: string) {
    return show(this.#scope(), id);
  }

  list(request: TaskListRequest) {
    return list(this.#scope(), request);
  }

  counts() {
    return counts(this.#scope());
  }

  prune(before: number) {
    return prune(this.#scope(), before);
  }

  takeOver(tasks: readonly Task[]) {
    return takeOver(this.#scope(), tasks);
  }

  #settle<Reply>(proof: LeaseProof, work: (settling: Settling) => Promise<Reply>): Promise<Reply> {
    const { database, cluster, now } = this.#scope();
    return transaction(database, (inside) => work({ inside, cluster, proof, now, fences: this.#fences }));
  }

  #scope() {
    return { database: this.#database, cluster: this.#cluster, now: this.#clock.now() };
  }
}
