import type { Json } from "../store/json.ts";

/** Which instances may lease a task: those of an agent, of a role, or with a capability. */
export type Selector = { readonly agent: string } | { readonly role: string } | { readonly capability: string };

export const priorities = ["low", "normal", "high"] as const;

export type Priority = (typeof priorities)[number];

/**
 * - `waiting`: can be leased now, or after a back-off; includes expired leases;
 * - `leased`: an instance works on it;
 * - `done`: has its one accepted result;
 * - `dead`: dead-lettered, with a reason; can be requeued;
 * - `cancelled`: cancelled before it was done.
 */
export type TaskState = (typeof taskStates)[number];

export const taskStates = ["waiting", "leased", "done", "dead", "cancelled"] as const;

/**
 * - `failed`: its agent reported that a retry cannot succeed;
 * - `attempts`: every attempt failed or let its lease expire;
 * - `deadline`: it was not done in time.
 */
export type DeathReason = (typeof deathReasons)[number];

export const deathReasons = ["failed", "attempts", "deadline"] as const;

export interface Task {
  readonly id: string;
  readonly selector: Selector;
  readonly payload: Json;
  readonly priority: Priority;
  /** The same at every attempt: use it to make external side effects idempotent. */
  readonly idempotencyKey: string;
  readonly state: TaskState;
  /** Number of the last lease, 0 before the first. */
  readonly attempt: number;
  /** Attempts that do not count, because the instance drained. */
  readonly handedBack: number;
  readonly maxAttempts: number;
  /** Duration of a lease that is not extended. */
  readonly leaseMs: number;
  /** Milliseconds since the epoch, like all times here. */
  readonly deadlineAt: number | undefined;
  /** Time from which it can be leased. */
  readonly availableAt: number;
  readonly holder: Holder | undefined;
  readonly createdAt: number;
  readonly finishedAt: number | undefined;
  /** Error of the last failed attempt. */
  readonly error: string | undefined;
  readonly death: DeathReason | undefined;
  readonly result: AcceptedResult | undefined;
}

export interface Holder {
  readonly instance: string;
  readonly epoch: number;
  /** End of the lease. */
  readonly until: number;
}

export interface AcceptedResult {
  readonly value: Json;
  readonly attempt: number;
  readonly instance: string;
  readonly epoch: number;
  readonly acceptedAt: number;
}
