import { z } from "zod";
import { type Health, healthStates } from "./health/health.ts";
import { type InstanceState, instanceStates } from "./instance-state.ts";

/** The owner of a pool: the stack and its resource. */
export interface PoolOwner {
  /** Unique id of the stack; it survives renames. */
  readonly uid: string;
  readonly urn: string;
}

/** A count that an autoscaler wrote between two engine runs; it applies until another count is declared. */
export interface FastCount {
  /** Generation of the pool that it was decided for. */
  readonly generation: number;
  /** Orders the writes of one generation. */
  readonly seq: number;
  readonly count: number;
}

export const fastCountSchema: z.ZodType<FastCount> = z.object({
  generation: z.int(),
  seq: z.int(),
  count: z.int().min(0).max(10_000),
});

/** What heartbeats and processes report about an instance. Unknown values are omitted. */
export interface InstanceReport {
  /** Absent while the instance is stopped or stopping. */
  readonly health?: Health;
  /** Its registration epoch; absent before it registers. */
  readonly epoch?: number;
  /** Root of the checkpoint that it received at registration. */
  readonly restored?: string;
  /** Its current directive. */
  readonly order?: "drain" | "hold";
  /** Ids of the tasks in progress. */
  readonly tasks?: readonly string[];
  readonly tasksPerMinute?: number;
  readonly responseMs?: number;
  /** Failed tasks in this registration epoch. */
  readonly errors?: number;
  /** Cores in use, e.g. 0.25. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
  /** Since its last heartbeat. */
  readonly silentMs?: number;
}

export interface InstanceStatus extends InstanceReport {
  /** `<agent>-<ordinal>`. */
  readonly id: string;
  readonly pid?: number;
  /** Node of the pod. */
  readonly node?: string;
  readonly state: InstanceState;
  /** It takes no more tasks, and stops when it holds none. */
  readonly retiring?: true;
  /** ISO 8601; start of the current or last process. */
  readonly startedAt?: string;
  /** Number of restarts after an unexpected exit. */
  readonly restarts: number;
  /** Why the last process exited or could not be started, with the last lines of its log. */
  readonly reason?: string;
}

export interface PoolStatus {
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  /** Desired count: the declared one, or that of `fast`. */
  readonly wanted: number;
  /** Count in the spec. Absent from an older supervisor, which has no `fast`. */
  readonly declared?: number;
  readonly fast?: FastCount;
  /** Instances in state `running`. */
  readonly running: number;
  /** Running instances of the current spec that are not retiring: fewer than `running` during a rolling restart. */
  readonly updated: number;
  readonly generation: number;
  readonly owner: PoolOwner;
  /** The pool is deleted and disappears when its last instance has stopped. */
  readonly removing: boolean;
  /** Sorted by ordinal. */
  readonly instances: readonly InstanceStatus[];
}

export interface SupervisorStatus {
  readonly cluster: string;
  readonly pid: number;
  readonly version: string;
  /** ISO 8601. */
  readonly startedAt: string;
  /** The supervisor is stopping and rejects changes. */
  readonly closing: boolean;
  /** By agent key. */
  readonly pools: readonly PoolStatus[];
}

const reportShape = {
  health: z.enum(healthStates).exactOptional(),
  epoch: z.int().exactOptional(),
  restored: z.string().exactOptional(),
  order: z.enum(["drain", "hold"]).exactOptional(),
  tasks: z.array(z.string()).exactOptional(),
  tasksPerMinute: z.number().exactOptional(),
  responseMs: z.number().exactOptional(),
  errors: z.number().exactOptional(),
  cpu: z.number().exactOptional(),
  memoryBytes: z.number().exactOptional(),
  silentMs: z.number().exactOptional(),
};

export const instanceReportSchema: z.ZodType<InstanceReport> = z.object(reportShape);

const instanceStatusSchema: z.ZodType<InstanceStatus> = z.object({
  id: z.string(),
  pid: z.int().exactOptional(),
  node: z.string().exactOptional(),
  state: z.enum(instanceStates),
  retiring: z.literal(true).exactOptional(),
  startedAt: z.string().exactOptional(),
  restarts: z.int(),
  reason: z.string().exactOptional(),
  ...reportShape,
});

export const poolStatusSchema: z.ZodType<PoolStatus> = z.object({
  agent: z.string(),
  role: z.string(),
  name: z.string(),
  wanted: z.int(),
  declared: z.int().exactOptional(),
  fast: fastCountSchema.exactOptional(),
  running: z.int(),
  updated: z.int(),
  generation: z.int(),
  owner: z.object({ uid: z.string(), urn: z.string() }),
  removing: z.boolean(),
  instances: z.array(instanceStatusSchema),
});

export const supervisorStatusSchema: z.ZodType<SupervisorStatus> = z.object({
  cluster: z.string(),
  pid: z.int(),
  version: z.string(),
  startedAt: z.string(),
  closing: z.boolean(),
  pools: z.array(poolStatusSchema),
});
