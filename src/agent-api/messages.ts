import { z } from "zod";
import { capabilities } from "../names.ts";
import { documentSchema } from "../tasks/new-task.ts";
import { shallowJson } from "../tasks/shallow-json.ts";
import type { CheckpointManifest } from "./checkpoints/manifest.ts";

/** State that an instance reports. `drained`: told to drain, holds no task, has saved its state, stays alive. */
export const agentStates = ["idle", "busy", "drained", "failed"] as const;
export type AgentState = (typeof agentStates)[number];

const word = z.string().min(1).max(128);
const count = z.number().nonnegative();

/** Registration epoch of an instance: only calls with the newest one may change anything. */
const epochSchema = z.int().positive();

export const registerRequest = z.strictObject({
  instance: word,
  agent: word,
  capabilities: z.array(word.normalize("NFC")).max(capabilities.maxCount).default([]),
  /** e.g. `{"agent": "1.4.2", "python": "3.12.1"}` */
  versions: z.record(word, z.string().max(128)).default({}),
});

export type RegisterRequest = z.infer<typeof registerRequest>;

export interface RegisterReply {
  readonly epoch: number;
  /** The instance that this one reports to. */
  readonly parent: string | null;
  readonly hold: boolean;
  readonly heartbeatIntervalMs: number;
  /** The state to start from; its chunks are at GET /agent/v1/checkpoints/{hash}. */
  readonly checkpoint: CheckpointManifest | null;
}

const attempt = z.int().positive();

const openTask = z.strictObject({ id: word, attempt });
export type OpenTask = z.infer<typeof openTask>;

/** Only the epoch and the state are required; an agent omits what it does not measure. */
export const heartbeatRequest = z.strictObject({
  epoch: epochSchema,
  state: z.enum(agentStates),
  /**
   * All tasks in progress: their leases are extended. A leased task missing from two consecutive heartbeats goes to
   * other instances.
   */
  openTasks: z.array(openTask).max(256).optional(),
  tasksPerMinute: count.optional(),
  /** Mean of the last minute, milliseconds. */
  responseMs: count.optional(),
  /** Failed tasks since the start. */
  errors: count.optional(),
  /** Cores in use, e.g. 0.25. */
  cpu: count.optional(),
  memoryBytes: count.optional(),
  /** A message that explains the state `failed`. */
  reason: z.string().max(1024).optional(),
});

export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

/** The directive for an instance; it applies until it is withdrawn. */
export interface DirectiveReply {
  /** Stay idle: take no task, change nothing. */
  readonly hold: boolean;
  /** Take no more tasks, finish or hand back within `deadlineMs` from now, checkpoint, stay alive as `drained`. */
  readonly drain: { readonly deadlineMs: number } | null;
}

export interface HeartbeatReply extends DirectiveReply {
  readonly epoch: number;
  readonly parent: string | null;
  readonly heartbeatIntervalMs: number;
  /** Ids of open tasks that were cancelled or leased by others: drop their results. */
  readonly lostTasks: readonly string[];
}

/** Maximum time that a lease call waits for a task. */
const maxWaitMs = 25_000;

export const leaseRequest = z.strictObject({
  epoch: epochSchema,
  /** Maximum number of tasks. */
  limit: z.int().min(1).max(32).default(1),
  /** How long to wait for the first task. */
  waitMs: z.int().min(0).max(maxWaitMs).default(0),
  /** The instance follows this directive and waits for a change: the reply comes with the change, without a task. */
  held: z.enum(["drain", "hold"]).optional(),
});

export interface TaskReply {
  readonly id: string;
  /** Counts the leases of the task; required in its acknowledgement. */
  readonly attempt: number;
  /** The same at every attempt: use it to make external side effects idempotent. */
  readonly idempotencyKey: string;
  readonly priority: string;
  readonly payload: unknown;
  /** Duration of the lease, unless heartbeats extend it. */
  readonly leaseMs: number;
}

export interface LeaseResponse extends DirectiveReply {
  readonly tasks: readonly TaskReply[];
}

export const ackRequest = z.strictObject({ epoch: epochSchema, attempt, result: documentSchema });

export const failRequest = z.strictObject({
  epoch: epochSchema,
  attempt,
  error: z.string().max(4_096),
  /** Whether another attempt can succeed. */
  retryable: z.boolean().default(true),
});

export const handBackRequest = z.strictObject({ epoch: epochSchema, attempt });

export const memoryKey = z.string().min(1).max(256);

export const memoryRequest = z.strictObject({
  epoch: epochSchema,
  value: shallowJson,
  /** The version that was read; 0 for a new key. */
  version: z.int().min(0),
  /** Time to live of the value; without it, the value is kept. */
  expiresInMs: z.int().positive().optional(),
});

/** The version that was read: a key that has changed since is not deleted. */
export const memoryDeleteQuery = z.object({
  epoch: z.coerce.number().pipe(epochSchema),
  version: z.coerce.number().int().min(0),
});
