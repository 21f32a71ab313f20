import { statSync } from "node:fs";
import { setTimeout as delay } from "node:timers/promises";
import { defaultStartPeriodMs, startupOf } from "../agent-api/health/startup.ts";
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

/** Poll interval for an adopted process: it is not a child, so no event reports its end. */
const adoptedPollMs = 500;
const reasonLines = 10;
const drainPollMs = 50;
const retirePollMs = 100;
/** Grace period for the final output of an instance that has drained until its deadline. */
const lastOutputMs = 5_000;

/** Dependencies of an instance. */
export interface InstanceContext {
  readonly pad: LaunchPad;
  readonly records: SiteRecords;
  readonly clock: Clock;
  /** In [0, 1). */
  readonly random: () => number;
  readonly log: (message: string) => void;
  /** All processes of an instance have ended. */
  readonly ended: (instance: string) => void;
  /** The instance was removed: scaled in, or its cluster hibernates or stops. */
  readonly forgotten: (instance: string, agent: string) => void;
  /** The instance has adopted a process of an earlier supervisor. @returns whether that process had registered. */
  readonly adopted: (instance: string) => boolean;
  /** What is known about the instance besides its process. */
  readonly describe: (instance: Instance, spec: PoolSpec) => InstanceReport;
  /** The instance is stopping. */
  readonly stopping: (instance: string) => void;
  /** A directive of the instance has changed: its waiting calls return. */
  readonly told: () => void;
  /** Whether an instance that was told to stop at `sinceMs` has no open task; true for instances without the agent API. */
  readonly drained: (instance: string, sinceMs: number) => boolean;
  /** Whether the instance has reported since `sinceMs` that it holds no task; true for instances without the agent API. */
  readonly idle: (instance: string, sinceMs: number) => boolean;
}

/** One instance of a pool: starts its process, restarts it when it ends, stops it. */
export class Instance {
  readonly id: string;
  readonly ordinal: number;
  readonly #context: InstanceContext;
  /** The current spec of the pool: each start uses the newest. */
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
  #cancelStartPeriod: () => void = () => {};
  #retiringSinceMs: number | undefined;

  constructor(context: InstanceContext, ordinal: number, spec: () => PoolSpec, changed: () => void) {
    this.#context = context;
    this.#spec = spec;
    this.#changed = changed;
    this.ordinal = ordinal;
    this.id = instanceId(spec().agent, ordinal);
    this.#fingerprint = fingerprint(spec());
  }

  get view(): InstanceView {
    const { ordinal, retiring } = this;
    return { ordinal, state: this.#state, fingerprint: this.#fingerprint, retiring };
  }

  get pid(): number | undefined {
    return this.#process?.pid;
  }

  /** It takes no more tasks, and stops when it holds none. */
  get retiring(): boolean {
    return this.#retiringSinceMs !== undefined;
  }

  /** When it will be killed; undefined unless it is stopping. */
  get stopDeadlineMs(): number | undefined {
    return this.#stopDeadlineMs;
  }

  get status(): InstanceStatus {
    return {
      id: this.id,
      state: this.#state,
      restarts: this.#restarts,
      ...(this.retiring && { retiring: true }),
      ...(this.#process && { pid: this.#process.pid }),
      ...(this.#startedAtMs !== undefined && { startedAt: new Date(this.#startedAtMs).toISOString() }),
      ...(this.#reason !== undefined && { reason: this.#reason }),
    };
  }

  start(): void {
    this.#cancelTimers();
    const spec = this.#spec();
    this.#fingerprint = fingerprint(spec);
    this.#startedAtMs = this.#context.clock.now();
    this.#process = undefined;
    this.#state = "starting";
    try {
      // Written before and after the start: a supervisor killed in between leaves a record whose process must be
      // searched for.
      this.#record();
      this.#context.pad.logs.drain(this.id);
      this.#logStart = statSync(logPath(this.#context.pad.paths.dir, this.id), { throwIfNoEntry: false })?.size ?? 0;
      this.#launch(spec);
    } catch (error) {
      this.#cannotStart(error, spec);
    }
    this.#changed();
  }

  /** Adopts a running process of an earlier supervisor. */
  adopt(record: InstanceRecord, found: ProcessIdentity): void {
    this.#remember(record);
    this.#process = found;
    this.#state = "starting";
    this.#context.log(`${this.id}: took over process ${found.pid}`);
    this.#context.pad.logs.adopt(this.id);
    if (this.#context.adopted(this.id)) this.#state = "running";
    else this.#awaitStart();
    this.#tryRecord();
    this.#watchAdopted(found);
  }

  /**
   * Resumes an instance whose process ended while no supervisor was running; it stays `stopped` until its next start.
   */
  succeed(record: InstanceRecord): void {
    this.#remember(record);
    this.#restarts++;
    this.#reason = "ended while no supervisor was running; its exit status is not known";
    this.#context.ended(this.id);
  }

  /** Starts an instance that waits for its next attempt at once, as on the first attempt. */
  retry(): void {
    if (this.#state !== "backing-off" && this.#state !== "failed") return;
    this.#failures = 0;
    this.#restarts++;
    this.start();
  }

  /** Marks a starting instance as running: it has registered, or has stayed up through its start period. */
  started(): void {
    if (this.#state !== "starting") return;
    this.#cancelStartPeriod();
    this.#state = "running";
    this.#changed();
  }

  /** Gives the instance no more tasks, and stops it when it holds none; there is no deadline. */
  retire(): void {
    if (this.#state !== "running" || this.retiring) return;
    const sinceMs = this.#context.clock.now();
    this.#retiringSinceMs = sinceMs;
    this.#context.told();
    void this.#awaitIdle(sinceMs);
    this.#changed();
  }

  /** Ends `retire`: the instance takes tasks again. */
  keep(): void {
    this.#retiringSinceMs = undefined;
    this.#context.told();
    this.#changed();
  }

  /** Stops the process and all its descendants; `stopped` when none is left. */
  stop(): void {
    this.#cancelTimers();
    this.#retiringSinceMs = undefined;
    if (this.#state === "stopping" || this.#state === "stopped") return;
    this.#state = "stopping";
    this.#stopDeadlineMs = this.#context.clock.now() + this.#spec().stopTimeoutMs;
    // It may be waiting for work: the API reply must reach it before the signal.
    this.#context.stopping(this.id);
    void this.#stop();
    this.#changed();
  }

  /** Removes its record; its state directory stays. */
  forget(): void {
    this.#context.records.removeInstance(this.id);
  }

  async #awaitIdle(sinceMs: number): Promise<void> {
    while (this.#retiringSinceMs === sinceMs && !this.#context.idle(this.id, sinceMs)) {
      await delay(retirePollMs, undefined, { ref: false });
    }
    if (this.#retiringSinceMs === sinceMs) this.stop();
  }

  async #stop(): Promise<void> {
    const tree = this.#tree(this.#process);
    const { stopTimeoutMs } = this.#spec();
    const leftMs = await this.#drain(stopTimeoutMs);
    while (!(await stopTree(tree, Math.max(leftMs, Math.min(stopTimeoutMs, lastOutputMs))))) {
      this.#context.log(`${this.id}: process ${tree.leader?.pid} does not end after SIGKILL; retrying`);
    }
    this.#state = "stopped";
    this.#process = undefined;
    this.#stopDeadlineMs = undefined;
    this.#failures = 0;
    this.#context.ended(this.id);
    this.#changed();
  }

  /**
   * Drains the instance through the API; the signal follows when it has drained, or at the deadline.
   * @returns the remaining time in milliseconds.
   */
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
    this.#awaitStart();
  }

  /** Waits for the end of the start period, unless it is over or the instance must register. */
  #awaitStart(): void {
    if (this.#state !== "starting") return;
    const spec = this.#spec();
    const startPeriodMs = spec.startPeriodMs ?? defaultStartPeriodMs;
    const ranForMs = this.#context.clock.now() - (this.#startedAtMs ?? 0);
    const signs = { registered: false, mustRegister: mustRegister(spec), ranForMs, startPeriodMs, exits: 0 };
    if (startupOf({ ...signs, process: "starting" }) === "up") this.started();
    else if (!mustRegister(spec)) {
      this.#cancelStartPeriod = this.#context.clock.after(startPeriodMs - ranForMs, () => this.#awaitStart());
    }
  }

  #cancelTimers(): void {
    this.#cancelTimer();
    this.#cancelStartPeriod();
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
    this.#retiringSinceMs = undefined;
    // Kills leftover children; done before the delay below ends.
    void signalTree(this.#tree(leader), "SIGKILL");
    this.#context.ended(this.id);
    this.#context.pad.logs.drain(this.id);
    const lines = lastLines(logPath(this.#context.pad.paths.dir, this.id), this.#logStart, reasonLines);
    this.#again("backing-off", [how, ...lines].join("\n"));
  }

  #again(state: "backing-off" | "failed", reason: string): void {
    const { clock, random, log } = this.#context;
    if (this.#state === "stopping" || this.#state === "stopped") return;
    this.#cancelTimers();
    this.#failures = failuresAfter(this.#failures, clock.now() - (this.#startedAtMs ?? clock.now()));
    this.#state = state;
    this.#reason = reason;
    const delayMs = backoffMs(this.#failures, random());
    log(`${this.id}: ${reason.split("\n")[0]}; restarting in ${delayMs} ms`);
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
