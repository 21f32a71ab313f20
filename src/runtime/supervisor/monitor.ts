import type { Desk } from "../api/desk.ts";
import type { Clock } from "../clock.ts";
import type { EventRing } from "../events/ring.ts";
import { reportOf } from "../health/report.ts";
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
    return reportOf({
      process: instance.view.state,
      mustRegister: mustRegister(spec),
      heard: desk.heard(instance.id),
      heartbeatIntervalMs: desk.heartbeatIntervalMs,
      usage: instance.pid === undefined ? undefined : sampler.usageOf(instance.pid),
      order: orders.inForce(spec.agent, instance.id),
      nowMs: clock.now(),
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
