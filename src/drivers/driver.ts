import type { InstanceStatus } from "../agent-api/status.ts";
import type { Control } from "./control/control.ts";

/** One agent of a cluster, with its instances. */
export interface AgentStatus {
  readonly agent: string;
  readonly role: string;
  readonly name: string;
  /** Instances in state `running`. */
  readonly running: number;
  readonly instances: readonly InstanceStatus[];
}

export interface RuntimeStatus {
  /** What has the agent API, e.g. "process 4711", "pod team--api-0". Undefined: nothing does just now. */
  readonly api: string | undefined;
  /** By agent key. */
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

export interface FollowOptions {
  /** Ends the following; nothing is thrown. */
  readonly signal: AbortSignal;
  /** Lines of the past to begin with. Default 0. */
  readonly lines?: number;
}

/**
 * What can be done with the instances of a cluster that is there, on one target. A driver changes nothing that a stack has made: it reaches
 * into instances, and passes tasks and orders on (`Control`, for the calls in src/runtime/control).
 */
export interface Driver extends Control {
  /** Undefined: nothing of it runs here. @throws SwarmError SW704 when the target does not answer. */
  status(signal?: AbortSignal): Promise<RuntimeStatus | undefined>;
  /** The last lines that an instance wrote, oldest first. @throws SwarmError SW705 when there is no such instance. */
  tail(instance: string, lines: number, signal?: AbortSignal): Promise<readonly string[]>;
  /** The lines that an instance writes, as they come. @throws as `tail` */
  follow(instance: string, options: FollowOptions): AsyncIterable<string>;
  /**
   * Runs a command where an instance runs, with its environment, and waits for its end. When the caller ends first, so does the command.
   *
   * @throws SwarmError SW705 when there is no such instance, SW604 when the command cannot be started, SW704 when the target goes away,
   * SW606 when aborted.
   */
  exec(instance: string, command: readonly string[], options?: ExecOptions): Promise<ExecResult>;
  /**
   * Copies the checkpoints of all instances into a folder, as `FolderCheckpoints` has them; nothing of the cluster need run.
   *
   * @returns false where they are out of reach while nothing runs. @throws SwarmError SW704 when the target does not answer.
   */
  copyCheckpoints(folder: string): Promise<boolean>;
  /** Lets go of its connections. */
  close(): void;
}
