import { statSync } from "node:fs";
import type { InstanceState } from "../agent-api/instance-state.ts";
import type { InstanceReport, InstanceStatus } from "../agent-api/status.ts";
import type { Clock } from "../platform/clock.ts";
import { systemCode } from "../platform/files.ts";
import { identifyChild, type ProcessIdentity } from "../platform/processes/identity.ts";
import { isAlive } from "../platform/processes/signal.ts";
import { type InstanceTree, signalTree, stopTree } from "../platform/processes/stop.ts";
import { poll } from "../platform/wait.ts";
import { backoffMs, failuresAfter } from "./backoff.ts";
import { type LaunchPad, launch } from "./launch.ts";
import { lastLines, logPath } from "./logs.ts";
import { fingerprint, instanceId, mustRegister, type PoolSpec } from "./pool-spec.ts";
import type { InstanceView } from "./reconcile.ts";
import type { InstanceRecord, SiteRecords } from "./record.ts";

/** How long a new process must live to count as running. */
const settleMs = 500;
/** How often to look whether a process is there that is no child of ours, so that nobody tells us of its end. */
const adoptedPollMs = 500;
const reasonLines = 3;
const drainPollMs = 50;
/** For the last words of one that has drained until its deadline. */
const lastOutputMs = 5_000;

/** What instances need of their surroundings. */
export interface InstanceContext {
  readonly pad: LaunchPad;
  readonly records: SiteRecords;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: (message: string) => void;
  /** Nothing of an instance runs any more. */
  readonly ended: (instance: string) => void;
  /** It is scaled in. */
  readonly forgotten: (instance: string) => void;
  /** Its process is one that an earlier supervisor has started. */
  readonly adopted: (instance: string) => void;
  /** What is known of it beside its process. */
  readonly describe: (instance: Instance, spec: PoolSpec) => InstanceReport;
  /** It is told to end. */
  readonly stopping: (instance: string) => void;
  /** Whether no task is open that an end since `sinceMs` would interrupt; nobody knows of those who do not speak. */
  readonly drained: (instance: string, sinceMs: number) => boolean;
}

/** One instance of a pool: starts its process, starts it again when it ends, stops it. */
export class Instance {
  readonly id: string;
  readonly ordinal: number;
  readonly #context: InstanceContext;
  /** The pool's present spec: each start takes the newest. */
  readonly #spec: () => PoolSpec;
  readonly #changed: () => void;
  #state: InstanceState = "stopped";
  #process: ProcessIdentity | undefined;
  #fingerprint: string;
  #startedAtMs: number | undefined;
  #logStart = 0;
  #restarts = 0;
  #failures = 0;
  #reason: string | undefined;
  #stopDeadlineMs: number | undefined;
  #cancelTimer: () => void = () => {};

  constructor(context: InstanceContext, ordinal: number, spec: () => PoolSpec, changed: () => void) {
    this.#context = context;
    this.#spec = spec;
    this.#changed = changed;
    this.ordinal = ordinal;
    this.id = instanceId(spec().agent, ordinal);
    this.#fingerprint = fingerprint(spec());
  }

  get view(): InstanceView {
    return { ordinal: this.ordinal, state: this.#state, fingerprint: this.#fingerprint };
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** When it will be killed; undefined when it is not told to end. */
  get stopDeadlineMs(): number | undefined {
    return this.#stopDeadlineMs;
  }

  get status(): InstanceStatus {
    return {
      id: this.id,
      state: this.#state,
      restarts: this.#restarts,
      ...(this.#process && { pid: this.#process.pid }),
      ...(this.#startedAtMs !== undefined && { startedAt: new Date(this.#startedAtMs).toISOString() }),
      ...(this.#reason !== undefined && { reason: this.#reason }),
    };
  }

  start(): void {
    this.#cancelTimer();
    const spec = this.#spec();
    this.#fingerprint = fingerprint(spec);
    this.#startedAtMs = this.#context.clock.now();
    this.#process = undefined;
    this.#state = "starting";
    try {
      // Written before and after: a supervisor killed in between leaves a record that says "look for it".
      this.#record();
      this.#logStart = statSync(logPath(this.#context.pad.paths.dir, this.id), { throwIfNoEntry: false })?.size ?? 0;
      this.#launch(spec);
    } catch (error) {
      this.#cannotStart(error, spec);
    }
    this.#changed();
  }

  /** Takes over a living process that an earlier supervisor has started. */
  adopt(record: InstanceRecord, found: ProcessIdentity): void {
    this.#remember(record);
    this.#process = found;
    this.#state = "running";
    this.#context.log(`${this.id}: took over process ${found.pid}`);
    this.#context.adopted(this.id);
    this.#tryRecord();
    this.#watchAdopted(found);
  }

  /** Takes over from a process that ended while no supervisor watched; `stopped`, to be started again. */
  succeed(record: InstanceRecord): void {
    this.#remember(record);
    this.#restarts++;
    this.#reason = "ended while no supervisor was running; its exit status is not known";
    this.#context.ended(this.id);
  }

  /** It is there: it has told the API so, or has lived through its first moments. */
  registered(): void {
    if (this.#state !== "starting") return;
    this.#cancelTimer();
    this.#state = "running";
    this.#changed();
  }

  /** Ends the process, with all that it has started; `stopped` when nothing of it is left. */
  stop(): void {
    this.#cancelTimer();
    if (this.#state === "stopping" || this.#state === "stopped") return;
    this.#state = "stopping";
    this.#stopDeadlineMs = this.#context.clock.now() + this.#spec().stopTimeoutMs;
    // It may wait for work: it hears of its end before the signal comes.
    this.#context.stopping(this.id);
    void this.#stop();
    this.#changed();
  }

  /** Removes what is recorded of it; its log and its state directory stay. */
  forget(): void {
    this.#context.records.removeInstance(this.id);
  }

  async #stop(): Promise<void> {
    const tree = this.#tree(this.#process);
    const { stopTimeoutMs } = this.#spec();
    const leftMs = await this.#drain(stopTimeoutMs);
    while (!(await stopTree(tree, Math.max(leftMs, Math.min(stopTimeoutMs, lastOutputMs))))) {
      this.#context.log(`${this.id}: process ${tree.leader?.pid} is killed but does not go away; trying again`);
    }
    this.#state = "stopped";
    this.#process = undefined;
    this.#stopDeadlineMs = undefined;
    this.#failures = 0;
    this.#context.ended(this.id);
    this.#changed();
  }

  /** It hears by the API that it shall drain; the signal comes when it has, or at the deadline. @returns what is left of the time. */
  async #drain(stopTimeoutMs: number): Promise<number> {
    const { clock, drained } = this.#context;
    const sinceMs = clock.now();
    const over = () => this.#process === undefined || !isAlive(this.#process) || drained(this.id, sinceMs) || undefined;
    await poll(over, { deadlineMs: stopTimeoutMs, intervalMs: drainPollMs });
    return Math.max(0, sinceMs + stopTimeoutMs - clock.now());
  }

  #launch(spec: PoolSpec): void {
    const child = launch(this.#context.pad, spec, this.ordinal);
    child.once("error", (error) => this.#cannotStart(error, spec));
    if (child.pid === undefined) return;
    const identity = identifyChild(child.pid);
    this.#process = identity;
    this.#record();
    child.once("exit", (code, signal) => {
      if (this.#process === identity)
        this.#ended(code === null ? `killed by ${signal}` : `ended with exit code ${code}`);
    });
    if (!mustRegister(spec)) this.#cancelTimer = this.#context.clock.after(settleMs, () => this.registered());
  }

  #cannotStart(error: unknown, spec: PoolSpec): void {
    this.#again(
      "failed",
      `${spec.command?.[0] ?? "reference agent"}: ${isNotFound(error) ? "command not found" : error}`,
    );
  }

  #ended(how: string): void {
    if (this.#state === "stopping" || this.#state === "stopped") return;
    const leader = this.#process;
    this.#process = undefined;
    // Its children, if it has left any; done before the delay below is over.
    void signalTree(this.#tree(leader), "SIGKILL");
    this.#context.ended(this.id);
    const lines = lastLines(logPath(this.#context.pad.paths.dir, this.id), this.#logStart, reasonLines);
    this.#again("backing-off", [how, ...lines].join("\n"));
  }

  #again(state: "backing-off" | "failed", reason: string): void {
    const { clock, random, log } = this.#context;
    if (this.#state === "stopping" || this.#state === "stopped") return;
    this.#cancelTimer();
    this.#failures = failuresAfter(this.#failures, clock.now() - (this.#startedAtMs ?? clock.now()));
    this.#state = state;
    this.#reason = reason;
    const delayMs = backoffMs(this.#failures, random());
    log(`${this.id}: ${reason.split("\n")[0]}; starting again in ${delayMs} ms`);
    this.#tryRecord();
    this.#cancelTimer = clock.after(delayMs, () => {
      this.#restarts++;
      this.start();
    });
    this.#changed();
  }

  #watchAdopted(identity: ProcessIdentity): void {
    this.#cancelTimer = this.#context.clock.after(adoptedPollMs, () => {
      if (isAlive(identity)) this.#watchAdopted(identity);
      else this.#ended("ended; its exit status is not known");
    });
  }

  #remember(record: InstanceRecord): void {
    this.#fingerprint = record.fingerprint;
    this.#startedAtMs = record.startedAtMs;
    this.#restarts = record.restarts;
    this.#failures = record.failures;
    this.#reason = record.reason;
  }

  #tryRecord(): void {
    try {
      this.#record();
    } catch (error) {
      this.#context.log(`${this.id}: not recorded: ${String(error)}`);
    }
  }

  #record(): void {
    const spec = this.#spec();
    this.#context.records.writeInstance({
      id: this.id,
      agent: spec.agent,
      ordinal: this.ordinal,
      fingerprint: this.#fingerprint,
      restarts: this.#restarts,
      failures: this.#failures,
      stopTimeoutMs: spec.stopTimeoutMs,
      ...(this.#process && { process: this.#process }),
      ...(this.#startedAtMs !== undefined && { startedAtMs: this.#startedAtMs }),
      ...(this.#reason !== undefined && { reason: this.#reason }),
    });
  }

  #tree(leader: ProcessIdentity | undefined): InstanceTree {
    return { site: this.#context.pad.mark, instance: this.id, leader };
  }
}

function isNotFound(error: unknown): boolean {
  const call = error instanceof Error && "syscall" in error ? String(error.syscall) : "";
  return systemCode(error) === "ENOENT" && call.startsWith("spawn");
}
