import type { Json } from "../store/json.ts";
import type { Page, PageRequest } from "../store/page.ts";
import type { NewTask } from "./new-task.ts";
import type { Priority, Selector, Task, TaskState } from "./task.ts";

/**
 * The tasks of one cluster. Each has at most one accepted result: a lease and what ends it are one transaction each, and
 * what ends it is checked against the lease by its fences (fences.ts). No clock decides who is right; time decides only
 * when others may try.
 */
export interface TaskQueue {
  /** Adds a task, or finds the one that was added under the same idempotency key. */
  add(task: NewTask): Promise<AddReply>;
  /**
   * Begins a life of an instance: whatever its earlier lives hold can be leased by others at once, and what they still
   * say is refused. False when a later life has begun.
   */
  fence(instance: string, epoch: number): Promise<boolean>;
  /** Takes up to `limit` tasks: the highest priority first, and within it whichever waits longest. */
  lease(worker: Worker, limit: number): Promise<LeaseReply>;
  /** A sign of life: the lease lasts for its whole time again. */
  extend(proof: LeaseProof): Promise<ExtendReply>;
  /** Accepts a result. Repeated, or late after somebody else's, it gives the stored reply. */
  ack(proof: LeaseProof, result: Json): Promise<AckReply>;
  /** The attempt failed: another one follows after a back-off, or it is dead. */
  fail(proof: LeaseProof, failure: TaskFailure): Promise<EndReply>;
  /** Returns a task without counting the attempt, for an instance that is drained. */
  handBack(proof: LeaseProof): Promise<EndReply>;
  /** Calls a task off, also while somebody works on it; what is done or dead stays so. Undefined: no such task. */
  cancel(id: string): Promise<TaskState | undefined>;
  /** Puts a dead task back, with all its attempts and without its deadline. Undefined: no such task. */
  requeue(id: string): Promise<TaskState | undefined>;
  /**
   * Takes tasks over that were in another queue until now, as they were there: ids, keys, attempts and results. One of the same
   * id gives way; one that somebody held waits again, and that attempt does not count.
   */
  takeOver(tasks: readonly Task[]): Promise<void>;
  /** Buries what is out of attempts or past its deadline; leasing does so too. Returns how many. */
  sweep(): Promise<number>;
  show(id: string): Promise<Task | undefined>;
  /** Newest first. */
  list(request: TaskListRequest): Promise<Page<Task>>;
  counts(): Promise<QueueCounts>;
  /** Forgets what was done or cancelled before a time. Returns how many. */
  prune(before: number): Promise<number>;
}

export type AddReply =
  | { readonly status: "added" | "present"; readonly id: string }
  /** The key was used for another selector or payload. */
  | { readonly status: "conflict"; readonly id: string };

export interface Worker {
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  readonly capabilities: readonly string[];
  /** The life of the instance, from its registration. */
  readonly epoch: number;
}

/** Names one lease; whoever shows it may end it. */
export interface LeaseProof {
  readonly id: string;
  readonly instance: string;
  readonly epoch: number;
  readonly attempt: number;
}

export interface LeasedTask extends LeaseProof {
  readonly selector: Selector;
  readonly payload: Json;
  readonly priority: Priority;
  readonly idempotencyKey: string;
  /** End of the lease, unless it is extended. */
  readonly until: number;
}

export type LeaseReply =
  | { readonly ok: true; readonly tasks: readonly LeasedTask[] }
  | { readonly ok: false; readonly reason: "old-epoch" };

/**
 * - `unknown`: no such task;
 * - `old-epoch`: a later life of the instance has begun;
 * - `lease-lost`: the lease ended: somebody else has the task, it was given up, or called off.
 */
export type Refusal = "unknown" | "old-epoch" | "lease-lost";

export interface RefusedReply {
  readonly ok: false;
  readonly reason: Refusal;
}

export type ExtendReply = { readonly ok: true; readonly until: number } | RefusedReply;

/** The same for everybody who acknowledges a task that is done: whose result stands, and since when. */
export type AckReply =
  | { readonly ok: true; readonly instance: string; readonly attempt: number; readonly acceptedAt: number }
  | RefusedReply;

export interface TaskFailure {
  readonly error: string;
  readonly retryable: boolean;
}

export type EndReply =
  | { readonly ok: true; readonly state: "waiting"; readonly availableAt: number }
  | { readonly ok: true; readonly state: "dead" }
  | RefusedReply;

export interface TaskListRequest extends PageRequest {
  readonly state?: TaskState | undefined;
  /** Only those that are open, or have ended at this time or later; milliseconds since the epoch. */
  readonly changedSince?: number | undefined;
}

export type TaskCounts = Readonly<Record<TaskState, number>>;

/** All from one snapshot. */
export interface QueueCounts {
  readonly total: TaskCounts;
  /** By `agent:<key>`, `role:<role>`, `capability:<word>`. */
  readonly bySelector: Readonly<Record<string, TaskCounts>>;
}
