import type { LeaseProof } from "../tasks/queue.ts";
import type { OpenTask } from "./messages.ts";

interface Delivery {
  readonly proof: LeaseProof;
  /** Consecutive heartbeats that did not name the task. */
  misses: number;
}

/** A heartbeat may have been written before the task arrived, so one miss is tolerated. */
const maxMisses = 2;

/**
 * Tracks delivered tasks. A lease response can be lost with its task: the instance then keeps reporting open tasks
 * without it.
 */
export class Deliveries {
  readonly #out = new Map<string, Map<string, Delivery>>();

  add(proof: LeaseProof): void {
    const mine = this.#out.get(proof.instance) ?? new Map<string, Delivery>();
    mine.set(keyOf(proof), { proof, misses: 0 });
    this.#out.set(proof.instance, mine);
  }

  /** The task was acknowledged, failed, handed back, or is leased by another instance. */
  settled(proof: LeaseProof): void {
    const mine = this.#out.get(proof.instance);
    mine?.delete(keyOf(proof));
    if (mine?.size === 0) this.#out.delete(proof.instance);
  }

  forget(instance: string): void {
    this.#out.delete(instance);
  }

  /** Whether a task was delivered to the instance and is not settled. */
  holds(instance: string): boolean {
    return this.#out.has(instance);
  }

  /** @returns the tasks that never reached the instance, judged by the tasks it names. */
  lost(instance: string, open: readonly OpenTask[]): LeaseProof[] {
    const named = new Set(open.map(keyOf));
    const lost: LeaseProof[] = [];
    for (const [key, delivery] of this.#out.get(instance) ?? []) {
      delivery.misses = named.has(key) ? 0 : delivery.misses + 1;
      if (delivery.misses >= maxMisses) lost.push(delivery.proof);
    }
    for (const proof of lost) this.settled(proof);
    return lost;
  }
}

function keyOf({ id, attempt }: OpenTask): string {
  return `${id}/${attempt}`;
}
