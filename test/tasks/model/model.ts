import type { WallClock } from "../../../src/store/clock.ts";
import type { NewTask } from "../../../src/tasks/new-task.ts";
import type { AckReply, EndReply, LeaseProof, Worker } from "../../../src/tasks/queue.ts";
import { retryDelayMs } from "../../../src/tasks/retry-delay.ts";
import { selectorsOf, selectorWord } from "../../../src/tasks/selector.ts";
import type { DeathReason, TaskState } from "../../../src/tasks/task.ts";

export interface ModelTask {
  readonly id: string;
  readonly task: NewTask;
  state: TaskState;
  attempt: number;
  handedBack: number;
  availableAt: number;
  deadlineAt: number | undefined;
  holder: { readonly instance: string; readonly epoch: number } | undefined;
  failedAttempt: number | undefined;
  death: DeathReason | undefined;
  accepted:
    | { readonly instance: string; readonly attempt: number; readonly acceptedAt: number; readonly value: number }
    | undefined;
}

const lost = { ok: false, reason: "lease-lost" } as const;
const rank = { low: 0, normal: 1, high: 2 } as const;

/** What a queue should do, in memory and one step at a time. */
export class Model {
  readonly tasks = new Map<string, ModelTask>();
  readonly lives = new Map<string, number>();
  readonly #clock: WallClock;

  constructor(clock: WallClock) {
    this.#clock = clock;
  }

  get now(): number {
    return this.#clock.now();
  }

  add(id: string, task: NewTask): void {
    this.tasks.set(id, {
      ...{ id, task, state: "waiting", attempt: 0, handedBack: 0, availableAt: this.now, deadlineAt: task.deadlineAt },
      ...{ holder: undefined, failedAttempt: undefined, death: undefined, accepted: undefined },
    });
  }

  fence(instance: string, epoch: number): void {
    this.lives.set(instance, epoch);
    for (const task of this.tasks.values()) {
      if (task.holder?.instance === instance && task.holder.epoch < epoch && task.availableAt > this.now) {
        task.availableAt = this.now;
      }
    }
  }

  sweep(): number {
    let buried = 0;
    for (const task of this.tasks.values()) {
      const late = task.deadlineAt !== undefined && task.deadlineAt <= this.now;
      if (this.stateOf(task) !== "waiting") continue;
      if (task.holder !== undefined && exhausted(task)) this.#bury(task, "attempts");
      else if (late) this.#bury(task, "deadline");
      else continue;
      buried++;
    }
    return buried;
  }

  /** Those that a worker could get now; a queue may choose among equals. */
  leasable(worker: Worker): readonly ModelTask[] {
    const selectors = selectorsOf(worker);
    return [...this.tasks.values()]
      .filter((one) => this.stateOf(one) === "waiting" && one.availableAt <= this.now)
      .filter((one) => selectors.includes(selectorWord(one.task.selector)))
      .sort((a, b) => rank[b.task.priority] - rank[a.task.priority]);
  }

  leased(task: ModelTask, { instance, epoch }: Worker): void {
    task.state = "leased";
    task.holder = { instance, epoch };
    task.attempt++;
    task.availableAt = this.now + task.task.leaseMs;
  }

  extend(proof: LeaseProof) {
    const task = this.#held(proof);
    if ("ok" in task) return task;
    if (task.availableAt <= this.now) return lost;
    task.availableAt = this.now + task.task.leaseMs;
    return { ok: true, until: task.availableAt };
  }

  ack(proof: LeaseProof, value: number): AckReply {
    const task = this.#held(proof);
    const { accepted: before } = this.task(proof.id);
    if (before !== undefined) return reply(before);
    if ("ok" in task) return task;
    const accepted = { instance: proof.instance, attempt: proof.attempt, acceptedAt: this.now, value };
    this.#finish(task, "done");
    task.accepted = accepted;
    return reply(accepted);
  }

  fail(proof: LeaseProof, retryable: boolean): EndReply {
    const task = this.#held(proof);
    if ("ok" in task) return this.#failedBefore(proof) ?? task;
    task.failedAttempt = proof.attempt;
    if (!retryable || exhausted(task)) {
      this.#bury(task, retryable ? "attempts" : "failed");
      return { ok: true, state: "dead" };
    }
    return this.#toLine(task, this.now + retryDelayMs(proof.attempt, 0.5));
  }

  handBack(proof: LeaseProof): EndReply {
    const task = this.#held(proof);
    if ("ok" in task) return task;
    task.handedBack++;
    return this.#toLine(task, this.now);
  }

  cancel(id: string): TaskState {
    const task = this.task(id);
    if (isOpen(task)) this.#finish(task, "cancelled");
    return task.state;
  }

  requeue(id: string): TaskState {
    const task = this.task(id);
    if (task.state !== "dead") return this.stateOf(task);
    task.handedBack = task.attempt;
    task.deadlineAt = undefined;
    task.death = undefined;
    this.#toLine(task, this.now);
    return task.state;
  }

  stateOf({ state, availableAt }: ModelTask): TaskState {
    return state === "leased" && availableAt <= this.now ? "waiting" : state;
  }

  task(id: string): ModelTask {
    const task = this.tasks.get(id);
    if (task === undefined) throw new Error(`no task ${id}`);
    return task;
  }

  #held({ id, instance, epoch, attempt }: LeaseProof): ModelTask | { ok: false; reason: "old-epoch" | "lease-lost" } {
    const task = this.task(id);
    if (this.lives.get(instance) !== epoch) return { ok: false, reason: "old-epoch" };
    const { holder } = task;
    return holder?.instance === instance && holder.epoch === epoch && task.attempt === attempt ? task : lost;
  }

  #failedBefore({ id, attempt }: LeaseProof): EndReply | undefined {
    const task = this.task(id);
    if (task.failedAttempt !== attempt || task.attempt !== attempt) return undefined;
    if (task.state === "dead") return { ok: true, state: "dead" };
    return task.state === "waiting" ? { ok: true, state: "waiting", availableAt: task.availableAt } : undefined;
  }

  #toLine(task: ModelTask, availableAt: number): EndReply {
    task.state = "waiting";
    task.holder = undefined;
    task.availableAt = availableAt;
    return { ok: true, state: "waiting", availableAt };
  }

  #finish(task: ModelTask, state: TaskState): void {
    task.state = state;
    task.holder = undefined;
  }

  #bury(task: ModelTask, reason: DeathReason): void {
    this.#finish(task, "dead");
    task.death = reason;
  }
}

export function isOpen({ state }: ModelTask): boolean {
  return state === "waiting" || state === "leased";
}

function exhausted({ attempt, handedBack, task }: ModelTask): boolean {
  return attempt - handedBack >= task.maxAttempts;
}

function reply({ instance, attempt, acceptedAt }: NonNullable<ModelTask["accepted"]>): AckReply {
  return { ok: true, instance, attempt, acceptedAt };
}
