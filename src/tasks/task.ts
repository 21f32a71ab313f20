import type { Json } from "../store/json.ts";

/** Who may take a task: any instance of an agent, of a role, or with a capability. */
export type Selector = { readonly agent: string } | { readonly role: string } | { readonly capability: string };

export const priorities = ["low", "normal", "high"] as const;

export type Priority = (typeof priorities)[number];

/**
 * - `waiting`: can be leased now, or after a back-off; also one whose lease has expired;
 * - `leased`: an instance works on it;
 * - `done`: has its one accepted result;
 * - `dead`: given up, with a reason; can be put back by hand;
 * - `cancelled`: called off before it was done.
 */
export type TaskState = (typeof taskStates)[number];

export const taskStates = ["waiting", "leased", "done", "dead", "cancelled"] as const;

/**
 * - `failed`: its agent says that trying again is of no use;
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
  /** The same at every attempt: what the agent does outside is done once under this key. */
  readonly idempotencyKey: string;
  readonly state: TaskState;
  /** The number of the last lease, 0 before the first. */
  readonly attempt: number;
  /** Attempts that do not count, because the instance was drained. */
  readonly handedBack: number;
  readonly maxAttempts: number;
  /** How long a lease lasts without being extended. */
  readonly leaseMs: number;
  /** Milliseconds since the epoch, as all times here. */
  readonly deadlineAt: number | undefined;
  /** When it can be leased (again). */
  readonly availableAt: number;
  readonly holder: Holder | undefined;
  readonly createdAt: number;
  readonly finishedAt: number | undefined;
  /** What the last failed attempt reported. */
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
