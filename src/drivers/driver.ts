import type { FastCount, InstanceStatus } from "../agent-api/status.ts";
import type { AttachOptions } from "./attach.ts";
import type { Control } from "./control/control.ts";

/** Resource usage of an instance as its target measures it; unknown values are absent. */
export interface MeasuredUsage {
  /** Cores in use, e.g. 0.25. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
  /** When it was measured, if not just now; milliseconds since the epoch. */
  readonly at?: number;
}

/** One agent of a cluster, with its instances. */
export interface AgentStatus {
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  /** The count that an autoscaler has written since the last update; absent: none has. */
  readonly fast?: Pick<FastCount, "count">;
  /** Instances in state `running`. */
  readonly running: number;
  /** Desired count on the target; absent if `desired` reports it, or each instance is a resource. */
  readonly wanted?: number;
  readonly instances: readonly InstanceStatus[];
}

export interface RuntimeStatus {
  /** Where the agent API runs, e.g. "process 4711", "pod team--api-0". Undefined: not running. */
  readonly api: string | undefined;
  /** Sorted by agent key. */
  readonly agents: readonly AgentStatus[];
}

export interface ExecOptions {
  readonly stdin?: Uint8Array;
  readonly onStdout?: (bytes: Uint8Array) => void;
  readonly onStderr?: (bytes: Uint8Array) => void;
  /** Ends the command. */
  readonly signal?: AbortSignal;
}

export interface ExecResult {
  /** null: ended by a signal. */
  readonly exit: number | null;
  readonly signal: string | null;
}

/** Selection and format of log lines. */
export interface LogOptions {
  /** Only lines from this time on, in milliseconds since the epoch. */
  readonly sinceMs?: number | undefined;
  /** Prefixes each line with its time, as RFC 3339. */
  readonly timestamps?: boolean | undefined;
}

export interface FollowOptions extends LogOptions {
  /** Ends the iteration without an error. */
  readonly signal: AbortSignal;
  /** Number of past lines to start with. Default 0. */
  readonly lines?: number;
}

/**
 * Operations on the running instances of a cluster, on one target. A driver does not change resources of a stack: it
 * runs commands in instances, reads their logs, and gives access to the control API (`Control`, see
 * src/drivers/control).
 */
export interface Driver extends Control {
  /**
   * Status of the cluster; undefined if it does not run here.
   * @throws SwarmError SW704 when the target does not answer.
   */
  status(signal?: AbortSignal): Promise<RuntimeStatus | undefined>;
  /**
   * Desired counts on the target, by name of the agents' resources; absent if the status contains them.
   * @throws SwarmError SW612 when the target does not answer, ApiFailure when it refuses.
   */
  desired?(signal?: AbortSignal): Promise<ReadonlyMap<string, number>>;
  /**
   * The last lines of an instance's log, oldest first.
   * @throws SwarmError SW705 when there is no such instance, SW801 if the times of lines are unknown.
   */
  tail(instance: string, lines: number, options?: LogOptions): Promise<readonly string[]>;
  /**
   * Follows the log of an instance.
   * @throws as `tail`
   */
  follow(instance: string, options: FollowOptions): AsyncIterable<string>;
  /**
   * Runs a command in the environment of an instance, and waits for its end. The command ends when the caller does.
   * @throws SwarmError SW705 when there is no such instance, SW604 when the command cannot be started, SW704 when the
   * connection is lost, SW606 when aborted.
   */
  exec(instance: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /**
   * Runs a command like `exec`, on the streams or the terminal of this process.
   * @throws as `exec`
   */
  attach(instance: string, command: readonly string[], options: AttachOptions): Promise<ExecResult>;
  /**
   * Measures the running instances; undefined if the target does not measure usage.
   * @throws SwarmError SW704 when the target does not answer.
   */
  usage(signal?: AbortSignal): Promise<ReadonlyMap<string, MeasuredUsage> | undefined>;
  /**
   * Stops an instance within its termination grace period; the target starts it again. On Kubernetes that is another pod,
   * with another name unless the agent has state.
   * @throws SwarmError SW705 when there is no such instance, SW704 when the target does not answer.
   */
  restart(instance: string, signal?: AbortSignal): Promise<void>;
  /**
   * Copies the checkpoints of all instances into a folder, in the layout of `FolderCheckpoints`; the cluster need not
   * run.
   * @returns false when they cannot be read while nothing runs.
   * @throws SwarmError SW704 when the target does not answer.
   */
  copyCheckpoints(folder: string): Promise<boolean>;
  /** Closes its connections. */
  close(): void;
}
