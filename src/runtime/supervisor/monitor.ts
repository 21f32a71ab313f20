import type { Desk } from "../api/desk.ts";
import type { Clock } from "../clock.ts";
import type { EventRing } from "../events/ring.ts";
import { healthOf } from "../health/health.ts";
import type { Orders } from "../ledger/orders.ts";
import type { UsageSampler } from "../measure/sampler.ts";
import { mustRegister, type PoolSpec } from "../pool.ts";
import type { InstanceReport } from "../status.ts";
import type { Instance } from "./instance.ts";

export interface MonitorParts {
  readonly desk: Desk;
  readonly sampler: UsageSampler;
  readonly orders: Orders;
  readonly events: EventRing;
  readonly clock: Clock;
}

/** Puts together what process, heartbeats and samples say of an instance. */
export class Monitor {
  readonly #parts: MonitorParts;
  readonly #told = new Map<string, string>();

  constructor(parts: MonitorParts) {
    this.#parts = parts;
  }

  describe(instance: Instance, spec: PoolSpec): InstanceReport {
    const { desk, sampler, orders, clock } = this.#parts;
    const heard = desk.heard(instance.id);
    const usage = instance.pid === undefined ? undefined : sampler.usageOf(instance.pid);
    const order = orders.inForce(spec.agent, instance.id);
    const silentMs = heard && clock.now() - heard.atMs;
    const health = healthOf({
      process: instance.view.state,
      mustRegister: mustRegister(spec),
      life: heard && { state: heard.report?.state, silentMs: silentMs ?? 0 },
      heartbeatIntervalMs: heard?.intervalMs ?? desk.heartbeatIntervalMs,
      cpu: usage?.cpu,
      order: order?.kind,
    });
    const { openTasks, tasksPerMinute, responseMs, errors, cpu, memoryBytes } = heard?.report ?? {};
    return known({
      ...{ health, tasksPerMinute, responseMs, errors, silentMs },
      epoch: heard?.epoch,
      order: order?.kind,
      tasks: openTasks?.map(({ id }) => id),
      cpu: usage?.cpu ?? cpu,
      memoryBytes: usage?.memoryBytes ?? memoryBytes,
    });
  }

  /** Tells of a health that is another one than before. */
  watch(instance: Instance, spec: PoolSpec): void {
    const { health = "none" } = this.describe(instance, spec);
    if (this.#told.get(instance.id) === health) return;
    this.#told.set(instance.id, health);
    this.#parts.events.add("instance.health", { instance: instance.id, health });
  }

  forget(instance: string): void {
    this.#told.delete(instance);
  }
}

type Maybe<T> = { [Key in keyof T]: T[Key] | undefined };

/** Leaves out what is undefined. */
function known(report: Maybe<InstanceReport>): InstanceReport {
  const told: { [Key in keyof InstanceReport]: InstanceReport[Key] } = {};
  return Object.assign(told, Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined)));
}
