import type { LeaseProof } from "../tasks/queue.ts";
import type { OpenTask } from "./messages.ts";

interface Delivery {
  readonly proof: LeaseProof;
  /** Heartbeats in a row that did not name it. */
  misses: number;
}

/** One heartbeat may have been written before the task arrived. */
const maxMisses = 2;

/**
 * The tasks that were given out. An answer can get lost on its way, and its task with it: the instance then goes on reporting its open tasks
 * without that one.
 */
export class Deliveries {
  readonly #out = new Map<string, Map<string, Delivery>>();

  add(proof: LeaseProof): void {
    const mine = this.#out.get(proof.instance) ?? new Map<string, Delivery>();
    mine.set(keyOf(proof), { proof, misses: 0 });
    this.#out.set(proof.instance, mine);
  }

  /** It is acknowledged, failed, handed back, or somebody else's. */
  settled(proof: LeaseProof): void {
    const mine = this.#out.get(proof.instance);
    mine?.delete(keyOf(proof));
    if (mine?.size === 0) this.#out.delete(proof.instance);
  }

  forget(instance: string): void {
    this.#out.delete(instance);
  }

  /** @returns what the instance has never got, to judge by the tasks that it names. */
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
