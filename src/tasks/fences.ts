import type { LeaseProof, Refusal } from "./queue.ts";

/** A lease in the queue, and the current epoch of the instance that shows a proof. */
export interface HeldLease {
  readonly instance: string | null;
  readonly epoch: number | null;
  readonly attempt: number;
  /** The highest registration epoch of the instance in the proof. */
  readonly life: number | null;
}

/**
 * Conditions for every write under a lease. Each is necessary (test/tasks/conformance/fences.ts removes them one by
 * one):
 * - `life`: the caller has restarted, and its earlier process still sends;
 * - `instance`: another instance holds the lease;
 * - `epoch`: a restarted caller ends a lease of its earlier registration;
 * - `attempt`: the caller lost the task and has leased it again.
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

/** Why a proof does not match a lease; undefined when it does. */
export function refusalOf(lease: HeldLease, proof: LeaseProof, by: Fences): Refusal | undefined {
  return Object.values(by).find((fence) => !fence.passes(lease, proof))?.refusal;
}
