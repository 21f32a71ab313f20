import { expect } from "vitest";
import type { LeaseProof, Worker } from "../../../src/tasks/queue.ts";
import type { Backend } from "../support/backends.ts";
import { newTask, Setting, writer } from "../support/setting.ts";
import { Model } from "./model.ts";
import { type Step, workers } from "./steps.ts";

/** A queue and its model side by side: every reply of the one is compared with that of the other. */
export class Play {
  readonly model: Model;
  readonly #setting: Setting;
  readonly #epochs = Array.from({ length: workers }, () => 1);
  /** Every lease there ever was, so that old ones are shown too. */
  readonly #proofs: LeaseProof[] = [];
  #values = 0;

  constructor(backend: Backend) {
    this.#setting = new Setting(backend);
    this.model = new Model(this.#setting.clock);
  }

  get queue() {
    return this.#setting.queue;
  }

  async take(step: Step): Promise<void> {
    switch (step.do) {
      case "add":
        return this.#add(step);
      case "lease":
        return this.lease(this.#worker(step.worker), step.limit);
      case "sweep":
        return expect(await this.queue.sweep()).toBe(this.model.sweep());
      case "wait":
        return this.#setting.clock.advance(step.ms);
      case "restart":
        return this.#restart(step.worker);
      case "cancel":
      case "requeue":
        return this.#decide(step);
      default:
        return this.#end(step);
    }
  }

  /** What a worker gets is what the model has for it: as many, of the highest priorities. */
  async lease(worker: Worker, limit: number): Promise<void> {
    const reply = await this.queue.lease(worker, limit);
    if (!reply.ok) throw new Error(reply.reason);
    this.model.fence(worker.instance, worker.epoch);
    this.model.sweep();
    const leasable = this.model.leasable(worker);
    const wanted = leasable.slice(0, limit).map(({ task }) => task.priority);
    expect(reply.tasks.map((task) => task.priority).toSorted()).toEqual(wanted.toSorted());
    for (const leased of reply.tasks) {
      const task = leasable.find(({ id }) => id === leased.id);
      if (task === undefined) throw new Error(`${leased.id} was not to be leased`);
      this.model.leased(task, worker);
      expect(leased).toMatchObject({ attempt: task.attempt, until: task.availableAt });
      this.#proofs.push({
        id: leased.id,
        ...{ instance: worker.instance, epoch: worker.epoch, attempt: leased.attempt },
      });
    }
  }

  async #add({ selector, priority, maxAttempts, deadlineMs }: Step & { do: "add" }): Promise<void> {
    const deadline = deadlineMs === undefined ? {} : { deadlineAt: this.model.now + deadlineMs };
    const task = { ...newTask, selector, priority, maxAttempts, ...deadline };
    const { id } = await this.queue.add(task);
    this.model.add(id, task);
  }

  async #restart(index: number): Promise<void> {
    const epoch = (this.#epochs[index] ?? 0) + 1;
    this.#epochs[index] = epoch;
    const { instance } = this.#worker(index);
    expect(await this.queue.fence(instance, epoch)).toBe(true);
    this.model.fence(instance, epoch);
  }

  async #decide(step: Step & { do: "cancel" | "requeue" }): Promise<void> {
    const ids = [...this.model.tasks.keys()];
    const id = ids[step.task % Math.max(ids.length, 1)];
    if (id === undefined) return;
    expect(await this.queue[step.do](id)).toBe(this.model[step.do](id));
  }

  async #end(step: Step & { do: "ack" | "extend" | "handBack" | "fail" }): Promise<void> {
    // The youngest leases are shown most, the oldest too.
    const proof = this.#proofs.at(-1 - (Math.floor(step.proof ** 2 / 1_000) % Math.max(this.#proofs.length, 1)));
    if (proof === undefined) return;
    if (step.do === "ack") {
      const value = this.#values++;
      expect(await this.queue.ack(proof, value)).toEqual(this.model.ack(proof, value));
    } else if (step.do === "fail") {
      const failure = { error: "e", retryable: step.retryable };
      expect(await this.queue.fail(proof, failure)).toEqual(this.model.fail(proof, step.retryable));
    } else {
      expect(await this.queue[step.do](proof)).toEqual(this.model[step.do](proof));
    }
  }

  /** Acknowledges what was leased last, until nothing is left. */
  async drain(): Promise<void> {
    for (let round = 0; ; round++) {
      const before = this.#proofs.length;
      this.#setting.clock.advance(1_000_000);
      await this.lease({ ...writer, instance: "drainer", epoch: 1 }, 1_000);
      const leased = this.#proofs.slice(before);
      if (leased.length === 0) return;
      if (round > 10) throw new Error("the queue does not drain");
      for (const proof of leased) expect(await this.queue.ack(proof, -1)).toEqual(this.model.ack(proof, -1));
    }
  }

  #worker(index: number): Worker {
    return { ...writer, instance: `writer-${index}`, epoch: this.#epochs[index] ?? 1 };
  }
}
