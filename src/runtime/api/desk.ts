import { SwarmError } from "../../errors.ts";
import type { CheckpointStore } from "../checkpoints/store.ts";
import type { Clock } from "../clock.ts";
import type { EventRing } from "../events/ring.ts";
import { silenceLimitMs } from "../health/health.ts";
import { heartbeatIntervalMs } from "../health/interval.ts";
import type { Gate } from "../ledger/gate.ts";
import type { Life, Lives } from "../ledger/lives.ts";
import type { Order, Orders } from "../ledger/orders.ts";
import type { HeartbeatReply, HeartbeatRequest, OrderReply, RegisterReply, RegisterRequest } from "./messages.ts";
import type { Member, Roster } from "./roster.ts";
import type { TaskDesk } from "./task-desk.ts";

export interface DeskParts {
  readonly roster: Roster;
  readonly lives: Lives;
  readonly orders: Orders;
  readonly gate: Pick<Gate, "shutFor">;
  readonly checkpoints: CheckpointStore;
  readonly tasks: TaskDesk;
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
export class Desk {
  /** What instances are told to do. */
  readonly orders: Orders;
  readonly #parts: DeskParts;
  readonly #heard = new Map<string, Heard>();

  constructor(parts: DeskParts) {
    this.#parts = parts;
    this.orders = parts.orders;
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
    const { lives, tasks, checkpoints, roster, events } = this.#parts;
    const { instance } = member;
    const epoch = await lives.begin(instance, { agent: member.agent, capabilities, versions });
    await tasks.fence(instance, epoch);
    const checkpoint = (await checkpoints.latest(instance)) ?? null;
    this.#hear(instance, epoch, undefined);
    events.add("instance.registered", { instance, epoch });
    roster.registered(instance, member.agent);
    return {
      epoch,
      parent: member.parent ?? null,
      hold: member.order !== undefined,
      heartbeatIntervalMs: this.heartbeatIntervalMs,
      checkpoint,
    };
  }

  async heartbeat(member: Member, report: HeartbeatRequest): Promise<HeartbeatReply> {
    const { clock, events } = this.#parts;
    const { epoch } = report;
    await this.life(member.instance, epoch);
    const before = this.#heard.get(member.instance)?.report;
    const { intervalMs: heartbeatIntervalMs } = this.#hear(member.instance, epoch, report);
    if (before?.state !== report.state) {
      events.add("instance.state", { instance: member.instance, state: report.state, ...reasonOf(report) });
    }
    const lostTasks = await this.#prolong(member, report);
    return {
      epoch,
      parent: member.parent ?? null,
      heartbeatIntervalMs,
      lostTasks,
      ...orderFor(member.order, clock.now()),
    };
  }

  #hear(instance: string, epoch: number, report: HeartbeatRequest | undefined): Heard {
    const heard = { epoch, atMs: this.#parts.clock.now(), report, intervalMs: this.heartbeatIntervalMs };
    this.#heard.set(instance, heard);
    return heard;
  }

  /** A queue that cannot be reached now keeps no instance from being heard, and from hearing its orders. */
  async #prolong({ agent, instance }: Member, { epoch, openTasks }: HeartbeatRequest): Promise<string[]> {
    const { tasks, events, gate } = this.#parts;
    // Whose leases stand is decided where the tasks are carried to.
    if (gate.shutFor !== undefined) return [];
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
  async life(instance: string, epoch: number): Promise<Life> {
    const life = await this.#parts.lives.present(instance);
    if (life?.registration !== undefined && life.epoch === epoch) return life;
    throw new SwarmError("SW709", `Life ${epoch} of ${instance} is over; the present one is ${life?.epoch ?? 0}.`, {
      hints: ["Another process may have taken its place: end, or register again."],
      values: { instance, epoch, present: life?.epoch ?? 0 },
    });
  }

  /** The process of an instance has ended: nobody speaks for it any more, and its tasks are free at once. */
  async ended(instance: string): Promise<void> {
    this.#heard.delete(instance);
    const epoch = await this.#parts.lives.end(instance);
    if (epoch !== undefined) await this.#parts.tasks.fence(instance, epoch);
  }
}

/** An order as it is told to an instance. */
export function orderFor(order: Order | undefined, nowMs: number): OrderReply {
  const drain = order?.kind === "drain" ? { deadlineMs: Math.max(0, order.deadlineAtMs - nowMs) } : null;
  return { hold: order !== undefined, drain };
}

function reasonOf({ reason }: HeartbeatRequest): { reason?: string } {
  return reason === undefined ? {} : { reason };
}
