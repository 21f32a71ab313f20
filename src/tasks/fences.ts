import type { LeaseProof, Refusal } from "./queue.ts";

/** A lease as the queue has it, and the present life of the instance that shows a proof. */
export interface HeldLease {
  readonly instance: string | null;
  readonly epoch: number | null;
  readonly attempt: number;
  /** The highest epoch that the instance of the proof has begun. */
  readonly life: number | null;
}

/**
 * What must agree before anything is accepted under a lease. Each stands alone against a case of its own
 * (test/tasks/fences.test.ts takes them out one by one):
 *
 * - `life`: the caller has restarted since, and its earlier life still talks;
 * - `instance`: somebody else;
 * - `epoch`: a restarted caller ends what its earlier life had leased;
 * - `attempt`: the caller had the task before, lost it, and has it again.
 */
export interface Fence {
  readonly refusal: Exclude<Refusal, "unknown">;
  passes(lease: HeldLease, proof: LeaseProof): boolean;
}

export type FenceName = "life" | "instance" | "epoch" | "attempt";

export type Fences = Readonly<Partial<Record<FenceName, Fence>>>;

export const fences: Readonly<Record<FenceName, Fence>> = {
  life: { refusal: "old-epoch", passes: (lease, proof) => proof.epoch === lease.life },
  instance: { refusal: "lease-lost", passes: (lease, proof) => proof.instance === lease.instance },
  epoch: { refusal: "lease-lost", passes: (lease, proof) => proof.epoch === lease.epoch },
  attempt: { refusal: "lease-lost", passes: (lease, proof) => proof.attempt === lease.attempt },
};

/** Why a proof does not open a lease; undefined when it does. */
export function refusalOf(lease: HeldLease, proof: LeaseProof, by: Fences): Refusal | undefined {
  return Object.values(by).find((fence) => !fence.passes(lease, proof))?.refusal;
}
