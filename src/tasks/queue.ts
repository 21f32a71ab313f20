import type { Json } from "../store/json.ts";
import type { Page, PageRequest } from "../store/page.ts";
import type { NewTask } from "./new-task.ts";
import type { Priority, Selector, Task, TaskState } from "./task.ts";

/**
 * The tasks of one cluster. Each has at most one accepted result: leasing and settling are one transaction each, and
 * settling is checked against the lease by fences (fences.ts). Correctness never depends on a clock; time only
 * decides when other instances may try.
 */
export interface TaskQueue {
  /** Adds a task, or returns the one with the same idempotency key. */
  add(task: NewTask): Promise<AddReply>;
  /**
   * Starts a registration epoch of an instance: leases of its earlier epochs become available at once, and their
   * proofs are refused. False when a later epoch has started.
   */
  fence(instance: string, epoch: number): Promise<boolean>;
  /** Leases up to `limit` tasks: the highest priority first, then the longest waiting. */
  lease(worker: Worker, limit: number): Promise<LeaseReply>;
  /** Extends a lease to its full duration. */
  extend(proof: LeaseProof): Promise<ExtendReply>;
  /** Accepts a result. A repeated call, or one after another instance's result, returns the stored reply. */
  ack(proof: LeaseProof, result: Json): Promise<AckReply>;
  /** Reports a failed attempt: another one follows after a back-off, or the task is dead. */
  fail(proof: LeaseProof, failure: TaskFailure): Promise<EndReply>;
  /** Returns a task without counting the attempt, for an instance that drains. */
  handBack(proof: LeaseProof): Promise<EndReply>;
  /** Cancels a task, also a leased one; a done or dead task does not change. Undefined: no such task. */
  cancel(id: string): Promise<TaskState | undefined>;
  /** Returns a dead task to the queue, with all its attempts and without its deadline. Undefined: no such task. */
  requeue(id: string): Promise<TaskState | undefined>;
  /**
   * Imports tasks of another queue with their ids, keys, attempts and results. They replace tasks of the same id; a
   * leased one becomes waiting and gets its attempt back.
   */
  takeOver(tasks: readonly Task[]): Promise<void>;
  /** Dead-letters tasks that are out of attempts or past their deadline; leasing does so too. Returns how many. */
  sweep(): Promise<number>;
  show(id: string): Promise<Task | undefined>;
  /** Newest first. */
  list(request: TaskListRequest): Promise<Page<Task>>;
  /**
   * Counts by state, from one snapshot.
   * @param selectors those whose streams may have entries of other producers: what no instance has leased yet counts as waiting,
   * what another consumer holds as leased
   */
  counts(selectors?: readonly string[]): Promise<QueueCounts>;
  /**
   * Deletes a task with its idempotency key, unless an instance works on it. Replies its last state: `leased` means that it
   * stays. Undefined: no such task.
   */
  remove(id: string): Promise<TaskState | undefined>;
  /** Deletes tasks that were done or cancelled before a time. Returns how many. */
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
  /** Registration epoch of the instance. */
  readonly epoch: number;
}

/** Identifies one lease; its holder may settle the task. */
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
 * Why a proof is refused:
 * - `unknown`: no such task;
 * - `old-epoch`: a later registration of the instance has started;
 * - `lease-lost`: another instance has leased the task, or it was dead-lettered or cancelled.
 */
export type Refusal = "unknown" | "old-epoch" | "lease-lost";

export interface RefusedReply {
  readonly ok: false;
  readonly reason: Refusal;
}

export type ExtendReply = { readonly ok: true; readonly until: number } | RefusedReply;

/** The same reply to every acknowledgement of a done task: the instance whose result was accepted, and when. */
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
  /** Only tasks that are open, or ended at this time or later; milliseconds since the epoch. */
  readonly changedSince?: number | undefined;
}

export type TaskCounts = Readonly<Record<TaskState, number>>;

/** Counts from one snapshot. */
export interface QueueCounts {
  readonly total: TaskCounts;
  /** By `agent:<key>`, `role:<role>`, `capability:<word>`. */
  readonly bySelector: Readonly<Record<string, TaskCounts>>;
  /** Why entries of other producers could not be counted, by selector. */
  readonly unreadable?: Readonly<Record<string, string>>;
}
