import { SwarmError } from "../errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { CheckpointStore } from "./checkpoints/store.ts";
import type { Directive, Directives } from "./database/directives.ts";
import type { RegistrationEpoch, Registrations } from "./database/registrations.ts";
import type { WriteFence } from "./database/write-fence.ts";
import type { EventRing } from "./events/ring.ts";
import { silenceLimitMs } from "./health/health.ts";
import { heartbeatIntervalMs } from "./health/interval.ts";
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

/** The last heartbeat of a life. */
export interface Heard {
  readonly epoch: number;
  readonly atMs: number;
  /** Undefined: it has registered, and has not reported yet. */
  readonly report: HeartbeatRequest | undefined;
  /** How often it was told to report. */
  readonly intervalMs: number;
}

/** Registration, heartbeats and lives of the instances of one cluster. */
export class InstanceRegistry {
  /** What instances are told to do. */
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
   * Whether an instance that was told to end at `sinceMs` has no open task: it says that it has drained, or has said since then that it
   * works on nothing, as it is given nothing any more. True for those that do not speak (any more).
   */
  hasDrained(instance: string, sinceMs: number): boolean {
    const heard = this.#heard.get(instance);
    if (heard === undefined) return true;
    const { report, atMs, intervalMs } = heard;
    if (this.#parts.clock.now() - atMs > silenceLimitMs(intervalMs)) return true;
    if (report === undefined || (report.openTasks?.length ?? 0) > 0) return false;
    return report.state === "drained" || (atMs > sinceMs && report.state !== "busy");
  }

  /** After a restart of this server: an instance that has registered before is taken for heard of now. */
  resume(instance: string, epoch: number): void {
    this.#hear(instance, epoch, undefined);
  }

  async register(member: Member, { capabilities, versions }: RegisterRequest): Promise<RegisterReply> {
    const { registrations, tasks, checkpoints, roster, events } = this.#parts;
    const { instance } = member;
    const epoch = await registrations.begin(instance, { agent: member.agent, capabilities, versions });
    await tasks.fence(instance, epoch);
    const checkpoint = (await checkpoints.latest(instance)) ?? null;
    this.#hear(instance, epoch, undefined);
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
    const { clock, events } = this.#parts;
    const { epoch } = report;
    await this.requireRegistration(member.instance, epoch);
    const before = this.#heard.get(member.instance)?.report;
    const { intervalMs: heartbeatIntervalMs } = this.#hear(member.instance, epoch, report);
    if (before?.state !== report.state) {
      events.add("instance.state", { instance: member.instance, state: report.state, ...reasonOf(report) });
    }
    const lostTasks = await this.#prolong(member, report);
    return {
      epoch,
      parent: member.reportsTo ?? null,
      heartbeatIntervalMs,
      lostTasks,
      ...directiveReply(member.directive, clock.now()),
    };
  }

  #hear(instance: string, epoch: number, report: HeartbeatRequest | undefined): Heard {
    const heard = { epoch, atMs: this.#parts.clock.now(), report, intervalMs: this.heartbeatIntervalMs };
    this.#heard.set(instance, heard);
    return heard;
  }

  /** A queue that cannot be reached now keeps no instance from being heard, and from hearing its orders. */
  async #prolong({ agent, instance }: Member, { epoch, openTasks }: HeartbeatRequest): Promise<string[]> {
    const { tasks, events, writeFence } = this.#parts;
    // Whose leases stand is decided where the tasks are carried to.
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
   * The present life of an instance.
   *
   * @throws SwarmError SW709 when `epoch` is not its epoch.
   */
  async requireRegistration(instance: string, epoch: number): Promise<RegistrationEpoch> {
    const registration = await this.#parts.registrations.present(instance);
    if (registration?.registration !== undefined && registration.epoch === epoch) return registration;
    throw new SwarmError(
      "SW709",
      `Life ${epoch} of ${instance} is over; the present one is ${registration?.epoch ?? 0}.`,
      {
        hints: ["Another process may have taken its place: end, or register again."],
        values: { instance, epoch, present: registration?.epoch ?? 0 },
      },
    );
  }

  /** The process of an instance has ended: nobody speaks for it any more, and its tasks are free at once. */
  async ended(instance: string): Promise<void> {
    this.#heard.delete(instance);
    const epoch = await this.#parts.registrations.end(instance);
    if (epoch !== undefined) await this.#parts.tasks.fence(instance, epoch);
  }
}

/** An order as it is told to an instance. */
export function directiveReply(directive: Directive | undefined, nowMs: number): DirectiveReply {
  const drain = directive?.kind === "drain" ? { deadlineMs: Math.max(0, directive.deadlineAtMs - nowMs) } : null;
  return { hold: directive !== undefined, drain };
}

function reasonOf({ reason }: HeartbeatRequest): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
