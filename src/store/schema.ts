/**
 * Types of the tables; columns are in snake case in the database. Times are milliseconds since the epoch, JSON is
 * text.
 */
export interface Schema {
  clusters: ClustersTable;
  clusterAgents: ClusterAgentsTable;
  clusterBlueprints: ClusterBlueprintsTable;
  clusterMetrics: ClusterMetricsTable;
  clusterStacks: ClusterStacksTable;
  operations: OperationsTable;
  operationSteps: OperationStepsTable;
  leases: LeasesTable;
  audit: AuditTable;
  tasks: TasksTable;
  taskResults: TaskResultsTable;
  taskDeadLetters: TaskDeadLettersTable;
  taskWorkers: TaskWorkersTable;
  scalingMemory: ScalingMemoryTable;
  scalingDecisions: ScalingDecisionsTable;
  scalingPauses: ScalingPausesTable;
  spawnStates: SpawnStatesTable;
}

export interface ClustersTable {
  id: string;
  /** Namespace of the owner. */
  tenant: string;
  name: string;
  type: string;
  blueprintId: string;
  blueprintVersion: string;
  blueprintDigest: string;
  /** Absolute path on the machine where the command ran. */
  blueprintFile: string | null;
  blueprintText: string | null;
  target: string;
  status: string;
  statusReason: string | null;
  /** Desired state, JSON. */
  wish: string;
  generation: number;
  /** The active stack: a migrated cluster has two stacks. */
  activeStack: string;
  currentWorkers: number;
  targetWorkers: number;
  minWorkers: number;
  maxWorkers: number;
  /** End of an environment; null: a cluster without an end. */
  environmentUntil: number | null;
  /** Counts every change of this row (ETag). */
  version: number;
  createdAt: number;
  updatedAt: number;
  /** Soft delete. */
  destroyedAt: number | null;
}

/** One row for each instance. */
export interface ClusterAgentsTable {
  clusterId: string;
  instance: string;
  agent: string;
  role: string;
  /** The instance that this one reports to. */
  parent: string | null;
  /** JSON list of capabilities. */
  capabilities: string;
  state: string;
  /** Registration epoch of the instance; each registration adds one. */
  epoch: number;
  /** The last heartbeat, JSON. */
  report: string | null;
  registeredAt: number;
  seenAt: number;
  removedAt: number | null;
}

export interface ClusterBlueprintsTable {
  id: string;
  version: string;
  name: string;
  digest: string;
  /** The original YAML. */
  text: string;
  actor: string;
  createdAt: number;
}

/** One bucket of one metric at one resolution. */
export interface ClusterMetricsTable {
  clusterId: string;
  metric: string;
  resolutionMs: number;
  /** Start of the bucket. */
  at: number;
  samples: number;
  total: number;
  least: number;
  most: number;
}

/** Stacks of a cluster besides the one with its own name. */
export interface ClusterStacksTable {
  stack: string;
  clusterId: string;
  createdAt: number;
}

export interface OperationsTable {
  id: string;
  clusterId: string;
  kind: string;
  status: string;
  wishBefore: string | null;
  wishAfter: string | null;
  generation: number;
  actor: string;
  reason: string | null;
  error: string | null;
  /** The session id that marks its processes. */
  session: string | null;
  /** The fencing token under which it was last written. */
  token: number | null;
  createdAt: number;
  updatedAt: number;
  endedAt: number | null;
  /** Time of the request to roll the operation back. */
  cancelRequestedAt: number | null;
}

export interface OperationStepsTable {
  operationId: string;
  position: number;
  name: string;
  status: string;
  detail: string | null;
  startedAt: number;
  endedAt: number | null;
}

/** A row survives its lease, so that tokens only grow. */
export interface LeasesTable {
  name: string;
  holder: string;
  token: number;
  expiresAt: number;
}

export interface AuditTable {
  id: string;
  at: number;
  actor: string;
  action: string;
  clusterId: string | null;
  operationId: string | null;
  detail: string | null;
}

export interface TasksTable {
  clusterId: string;
  id: string;
  /** `agent:<key>`, `role:<role>` or `capability:<word>`. */
  selector: string;
  payload: string;
  priority: number;
  idempotencyKey: string;
  state: string;
  /** Number of its last lease: grows with every lease, and fences acknowledgements. */
  attempt: number;
  /** Number of attempts that do not count. */
  handedBack: number;
  maxAttempts: number;
  leaseMs: number;
  deadlineAt: number | null;
  /** Waiting: earliest start. Leased: end of the lease, after which any instance may lease it. */
  availableAt: number;
  /** When the task is dead-lettered: out of attempts, or past its deadline. */
  buryAt: number | null;
  /** The holder of the lease. */
  instance: string | null;
  epoch: number | null;
  error: string | null;
  /** The attempt that reported `error`. */
  errorAttempt: number | null;
  createdAt: number;
  finishedAt: number | null;
}

/** At most one row for each task: the accepted result. */
export interface TaskResultsTable {
  clusterId: string;
  taskId: string;
  attempt: number;
  instance: string;
  epoch: number;
  result: string;
  acceptedAt: number;
}

export interface TaskDeadLettersTable {
  clusterId: string;
  taskId: string;
  reason: string;
  diedAt: number;
}

/** Current registration epoch of each instance that leases tasks. */
export interface TaskWorkersTable {
  clusterId: string;
  instance: string;
  epoch: number;
}

/** What the autoscaler remembers of a cluster. */
export interface SpawnStatesTable {
  clusterId: string;
  /** JSON. */
  state: string;
  updatedAt: number;
}

export interface ScalingMemoryTable {
  clusterId: string;
  /** JSON. */
  memory: string;
  updatedAt: number;
}

export interface ScalingDecisionsTable {
  id: string;
  clusterId: string;
  at: number;
  /** Fencing token of the autoscaler that decided. */
  token: number;
  /** What made it look: a push into a queue, the interval, its start, a person. */
  causedBy: string;
  /** Inputs, proposals and reasons, JSON. */
  detail: string;
  /** What became of the writes, JSON; null while they are under way, and where nothing was to be written. */
  outcome: string | null;
}

/** Pauses that people asked for; those of operations follow from the state of the cluster. */
export interface ScalingPausesTable {
  clusterId: string;
  /** Key of one agent; empty: the whole cluster. */
  agent: string;
  actor: string;
  reason: string | null;
  since: number;
  /** null: until it is resumed. */
  until: number | null;
}
