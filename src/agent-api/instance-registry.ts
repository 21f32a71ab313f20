import { SwarmError } from "../errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { CheckpointStore } from "./checkpoints/store.ts";
import type { Directive, Directives } from "./database/directives.ts";
import type { RegistrationEpoch, Registrations } from "./database/registrations.ts";
import type { WriteFence } from "./database/write-fence.ts";
import type { EventRing } from "./events/ring.ts";
import { heartbeatIntervalMs, silenceLimitMs } from "./health/health.ts";
import type { DirectiveReply, HeartbeatReply, HeartbeatRequest, RegisterReply, RegisterRequest } from "./messages.ts";
import type { Member, Roster } from "./roster.ts";
import type { TaskDispatcher } from "./task-dispatcher.ts";

export interface InstanceRegistryParts {
  readonly roster: Roster;
  readonly registrations: Registrations;
  readonly directives: Directives;
  readonly writeFence: Pick<WriteFence, "fencedFor">;
  readonly checkpoints: CheckpointStore;
  readonly tasks: TaskDispatcher;
  readonly events: EventRing;
  readonly clock: Clock;
}

/** The latest heartbeat of a registration. */
export interface Heard {
  readonly epoch: number;
  readonly atMs: number;
  /** Undefined: registered, no heartbeat yet. */
  readonly report: HeartbeatRequest | undefined;
  /** Heartbeat interval that the instance was given. */
  readonly intervalMs: number;
  /** Root of the checkpoint that it received at registration; undefined: none, or unknown since a restart of this server. */
  readonly restored?: string;
}

/** Registrations and heartbeats of the instances of one cluster. */
export class InstanceRegistry {
  /** Directives for instances. */
  readonly directives: Directives;
  readonly #parts: InstanceRegistryParts;
  readonly #heard = new Map<string, Heard>();

  constructor(parts: InstanceRegistryParts) {
    this.#parts = parts;
    this.directives = parts.directives;
  }

  get heartbeatIntervalMs(): number {
    return heartbeatIntervalMs(this.#parts.roster.size);
  }

  heard(instance: string): Heard | undefined {
    return this.#heard.get(instance);
  }

  /**
   * Whether an instance that was told to stop at `sinceMs` has no open task: it reports `drained`, or has reported
   * since then that it is not busy (it gets no more tasks). True for instances that send no heartbeats.
   */
  hasDrained(instance: string, sinceMs: number): boolean {
    const heard = this.#heard.get(instance);
    if (heard === undefined) return true;
    const { report, atMs, intervalMs } = heard;
    if (this.#parts.clock.now() - atMs > silenceLimitMs(intervalMs)) return true;
    if (report === undefined || (report.openTasks?.length ?? 0) > 0) return false;
    return report.state === "drained" || (atMs > sinceMs && report.state !== "busy");
  }

  /**
   * Whether an instance that was told at `sinceMs` to take no more tasks holds none. Unlike `hasDrained`, false for a silent
   * instance, which may be working.
   */
  isIdle(instance: string, sinceMs: number): boolean {
    const heard = this.#heard.get(instance);
    if (heard === undefined) return true;
    const { report, atMs } = heard;
    if (report === undefined || (report.openTasks?.length ?? 0) > 0 || this.#parts.tasks.holds(instance)) return false;
    return report.state === "drained" || (atMs > sinceMs && report.state !== "busy");
  }

  /** After a restart of this server: counts an already registered instance as heard from now. */
  resume(instance: string, epoch: number): void {
    this.#hear(instance, epoch, undefined);
  }

  async register(member: Member, { capabilities, versions }: RegisterRequest): Promise<RegisterReply> {
    const { registrations, tasks, checkpoints, roster, events, directives } = this.#parts;
    const { instance } = member;
    directives.registered(instance);
    const epoch = await registrations.begin(instance, { agent: member.agent, capabilities, versions });
    await tasks.fence(instance, epoch);
    const restored = await checkpoints.applyChoice(instance);
    if (restored !== undefined) {
      events.add("checkpoint.restored", { instance, root: restored.root, seq: restored.seq });
    }
    const checkpoint = (await checkpoints.latest(instance)) ?? null;
    this.#hear(instance, epoch, undefined, checkpoint?.root);
    events.add("instance.registered", { instance, epoch });
    roster.registered(instance, member.agent);
    return {
      epoch,
      parent: member.reportsTo ?? null,
      hold: member.directive !== undefined,
      heartbeatIntervalMs: this.heartbeatIntervalMs,
      checkpoint,
    };
  }

  async heartbeat(member: Member, report: HeartbeatRequest): Promise<HeartbeatReply> {
    const { clock, events, directives } = this.#parts;
    const { epoch } = report;
    await this.requireRegistration(member.instance, epoch);
    const { report: before, restored } = this.#heard.get(member.instance) ?? {};
    const { intervalMs: heartbeatIntervalMs } = this.#hear(member.instance, epoch, report, restored);
    if (before?.state !== report.state) {
      events.add("instance.state", { instance: member.instance, state: report.state, ...reasonOf(report) });
    }
    if (report.state === "drained") directives.drained(member.agent, member.instance);
    const lostTasks = await this.#prolong(member, report);
    return {
      epoch,
      parent: member.reportsTo ?? null,
      heartbeatIntervalMs,
      lostTasks,
      ...directiveReply(member.directive, clock.now()),
    };
  }

  /** A restarted instance that had drained saves its state before its first heartbeat, which shows that it has read it. */
  hasRead(instance: string): void {
    const heard = this.#heard.get(instance);
    if (heard?.report !== undefined || heard === undefined) return;
    this.#heard.set(instance, { ...heard, report: { epoch: heard.epoch, state: "drained", openTasks: [] } });
  }

  #hear(instance: string, epoch: number, report: HeartbeatRequest | undefined, restored?: string): Heard {
    const { heartbeatIntervalMs: intervalMs } = this;
    const heard = { epoch, atMs: this.#parts.clock.now(), report, intervalMs, ...(restored && { restored }) };
    this.#heard.set(instance, heard);
    return heard;
  }

  /** Extends leases. An unreachable queue must not fail the heartbeat, which also delivers directives. */
  async #prolong({ agent, instance }: Member, { epoch, openTasks }: HeartbeatRequest): Promise<string[]> {
    const { tasks, events, writeFence } = this.#parts;
    // The destination of the migration decides which leases are valid.
    if (writeFence.fencedFor !== undefined) return [];
    try {
      await tasks.beat(agent, instance);
      return await tasks.extend(instance, epoch, openTasks);
    } catch (error) {
      events.add("queue.unreachable", { reason: String(error) });
      return [];
    }
  }

  /**
   * The current registration of an instance.
   * @throws SwarmError SW709 when `epoch` is not its current epoch.
   */
  async requireRegistration(instance: string, epoch: number): Promise<RegistrationEpoch> {
    const registration = await this.#parts.registrations.present(instance);
    if (registration?.registration !== undefined && registration.epoch === epoch) return registration;
    throw new SwarmError(
      "SW709",
      `epoch ${epoch} of ${instance} has ended; the current epoch is ${registration?.epoch ?? 0}`,
      {
        hints: ["Another process may have replaced it: exit, or register again"],
        values: { instance, epoch, present: registration?.epoch ?? 0 },
      },
    );
  }

  /** The process of an instance has ended: its registration ends and its tasks become available at once. */
  async ended(instance: string): Promise<void> {
    this.#heard.delete(instance);
    const epoch = await this.#parts.registrations.end(instance);
    if (epoch !== undefined) await this.#parts.tasks.fence(instance, epoch);
  }
}

/** A directive in the form that an instance receives. */
export function directiveReply(directive: Directive | undefined, nowMs: number): DirectiveReply {
  const drain = directive?.kind === "drain" ? { deadlineMs: Math.max(0, directive.deadlineAtMs - nowMs) } : null;
  return { hold: directive !== undefined, drain };
}

function reasonOf({ reason }: HeartbeatRequest): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
