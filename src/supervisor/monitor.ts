import type { Directives } from "../agent-api/database/directives.ts";
import type { EventRing } from "../agent-api/events/ring.ts";
import { reportOf } from "../agent-api/health/report.ts";
import type { InstanceRegistry } from "../agent-api/instance-registry.ts";
import type { InstanceReport } from "../agent-api/status.ts";
import type { Clock } from "../platform/clock.ts";
import type { Instance } from "./instance.ts";
import type { UsageSampler } from "./measure/sampler.ts";
import { mustRegister, type PoolSpec } from "./pool-spec.ts";

export interface MonitorParts {
  readonly registry: InstanceRegistry;
  readonly sampler: UsageSampler;
  readonly directives: Directives;
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
    const { registry, sampler, directives, clock } = this.#parts;
    return reportOf({
      process: instance.view.state,
      mustRegister: mustRegister(spec),
      heard: registry.heard(instance.id),
      heartbeatIntervalMs: registry.heartbeatIntervalMs,
      usage: instance.pid === undefined ? undefined : sampler.usageOf(instance.pid),
      directive: directives.inForce(spec.agent, instance.id),
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
