import { z } from "zod";
import { documentSchema } from "../tasks/new-task.ts";
import type { CheckpointManifest } from "./checkpoints/manifest.ts";

/** What an instance says of itself. `drained`: told to drain, holds no task, has saved its state, stays alive. */
export const agentStates = ["idle", "busy", "drained", "failed"] as const;
export type AgentState = (typeof agentStates)[number];

const word = z.string().min(1).max(128);
const count = z.number().nonnegative();

/** The number of a life of an instance: only the newest may change anything. */
const epochSchema = z.int().positive();

export const registerRequest = z.strictObject({
  instance: word,
  agent: word,
  capabilities: z.array(word).max(64).default([]),
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
  /** The state to begin with; its chunks are at GET /agent/v1/checkpoints/{hash}. */
  readonly checkpoint: CheckpointManifest | null;
}

const attempt = z.int().positive();

const openTask = z.strictObject({ id: word, attempt });
export type OpenTask = z.infer<typeof openTask>;

/** Only the epoch and the state must be told; what an agent does not measure it leaves out. */
export const heartbeatRequest = z.strictObject({
  epoch: epochSchema,
  state: z.enum(agentStates),
  /** All tasks in work: their leases are prolonged. One that was given out and is not named twice in a row goes to others. */
  openTasks: z.array(openTask).max(256).optional(),
  tasksPerMinute: count.optional(),
  /** Mean of the last minute, milliseconds. */
  responseMs: count.optional(),
  /** Failed tasks since the start. */
  errors: count.optional(),
  /** Cores in use, e.g. 0.25. */
  cpu: count.optional(),
  memoryBytes: count.optional(),
  /** In words, where the state is `failed`. */
  reason: z.string().max(1024).optional(),
});

export type HeartbeatRequest = z.infer<typeof heartbeatRequest>;

/** What an instance is told to do, until it is called off. */
export interface DirectiveReply {
  /** Stay idle: take no task, change nothing. */
  readonly hold: boolean;
  /** Take no more, finish or hand back within `deadlineMs` from now, checkpoint, stay alive as `drained`. */
  readonly drain: { readonly deadlineMs: number } | null;
}

export interface HeartbeatReply extends DirectiveReply {
  readonly epoch: number;
  readonly parent: string | null;
  readonly heartbeatIntervalMs: number;
  /** Ids of open tasks that were called off or taken by others: their results are wanted no more. */
  readonly lostTasks: readonly string[];
}

/** The longest that a lease waits for a task. */
const maxWaitMs = 25_000;

export const leaseRequest = z.strictObject({
  epoch: epochSchema,
  /** How many at once, at most. */
  limit: z.int().min(1).max(32).default(1),
  /** How long to wait for the first one. */
  waitMs: z.int().min(0).max(maxWaitMs).default(0),
  /** It follows this order, and waits for another one: the reply comes with that, and without a task. */
  held: z.enum(["drain", "hold"]).optional(),
});

export interface TaskReply {
  readonly id: string;
  /** Counts the leases of the task; ends up in its acknowledgement. */
  readonly attempt: number;
  /** The same at every attempt: what is done outside is done once under this key. */
  readonly idempotencyKey: string;
  readonly priority: string;
  readonly payload: unknown;
  /** The lease, unless heartbeats prolong it. */
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
  /** Whether another attempt may help. */
  retryable: z.boolean().default(true),
});

export const handBackRequest = z.strictObject({ epoch: epochSchema, attempt });

export const memoryKey = z.string().min(1).max(256);

export const memoryRequest = z.strictObject({
  epoch: epochSchema,
  value: z.json(),
  /** The version that was read; 0: there is none yet. */
  version: z.int().min(0),
  /** Forgotten after this time; without it, kept. */
  expiresInMs: z.int().positive().optional(),
});
