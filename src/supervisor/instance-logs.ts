import { closeSync, openSync } from "node:fs";
import { join } from "node:path";
import { removeIfThere } from "../platform/files.ts";
import { isPipe, LogPipe, makePipes, openForWriting } from "./log-pipe.ts";
import { logPath, removeLog } from "./logs.ts";
import type { SitePaths } from "./site.ts";

/** The logs that a supervisor writes, one for each instance. */
export class InstanceLogs {
  readonly #paths: SitePaths;
  readonly #log: (message: string) => void;
  readonly #pipes = new Map<string, LogPipe>();

  constructor(paths: SitePaths, log: (message: string) => void) {
    this.#paths = paths;
    this.#log = log;
  }

  /** Creates the pipes of instances that are about to start, in one call. */
  prepare(instances: readonly string[]): void {
    // Other systems may not open a pipe in both directions; there the log is rotated periodically (src/platform/rotation.ts).
    if (process.platform === "linux") makePipes(instances.map((instance) => this.#pipeOf(instance)));
  }

  /** Opens the pipe, else the log, for the output of a new process; the caller closes it after the start. */
  open(instance: string): number {
    const log = openSync(logPath(this.#paths.dir, instance), "a", 0o600);
    if (!this.#attach(instance)) return log;
    closeSync(log);
    return openForWriting(this.#pipeOf(instance));
  }

  /** Continues to read the output of a process of an earlier supervisor. */
  adopt(instance: string): void {
    this.#attach(instance);
  }

  /** Writes the remaining output of a process that has ended to its log. */
  drain(instance: string): void {
    this.#pipes.get(instance)?.drain();
  }

  /** The instance was removed. */
  close(instance: string, { removesLog }: { readonly removesLog: boolean }): void {
    this.#pipes.get(instance)?.close();
    this.#pipes.delete(instance);
    if (!removesLog) return;
    removeIfThere(this.#pipeOf(instance));
    removeLog(this.#paths.dir, instance);
  }

  #attach(instance: string): boolean {
    if (this.#pipes.has(instance)) return true;
    const path = this.#pipeOf(instance);
    const log = logPath(this.#paths.dir, instance);
    if (!isPipe(path)) return false;
    this.#pipes.set(
      instance,
      LogPipe.attach(path, log, (error) => this.#log(`log of ${instance}: ${String(error)}`)),
    );
    return true;
  }

  #pipeOf(instance: string): string {
    return join(this.#paths.logs, `${instance}.pipe`);
  }
}
