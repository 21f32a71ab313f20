import type { InstanceStatus } from "../../agent-api/status.ts";
import type { Driver } from "../../drivers/driver.ts";
import type { Actuator, Written } from "./actuator.ts";
import { drainVictims, forgetInterrupted, letWork, stayingOf } from "./drain-victims.ts";
import { notApplied } from "./not-applied.ts";
import { chooseVictims } from "./victims.ts";

export interface UpdateActuatorOptions {
  readonly driver: Driver;
  /** Scales the cluster by one operation, which is refused while another one is open; returns the counts after it. */
  readonly scale: (counts: Readonly<Record<string, number>>, signal: AbortSignal) => Promise<void>;
}

/**
 * Writes counts by one update of the stack, where instances are its resources. The highest ordinals go first, so a busy instance
 * protects those below it until it is idle; those that go have drained before.
 */
export function updateActuator({ driver, scale }: UpdateActuatorOptions): Actuator {
  return {
    async apply(writes, signal) {
      if (writes.length === 0) return [];
      const drained: InstanceStatus[] = [];
      try {
        const status = await driver.status(signal);
        const counts: number[] = [];
        for (const { agent, count } of writes) {
          const present = stayingOf(status, agent);
          await forgetInterrupted(driver, present);
          const victims = status?.api === undefined ? [] : chooseVictims(present, count, "highest");
          const going = await drainVictims(driver, victims, "highest", signal);
          drained.push(...going);
          counts.push(count < present.length ? present.length - going.length : count);
        }
        const changes = writes.flatMap(({ agent }, index) => {
          const count = counts[index] ?? 0;
          return count === stayingOf(status, agent).length ? [] : [[agent, count] as const];
        });
        if (changes.length > 0) await scale(Object.fromEntries(changes), signal);
        return counts.map((count): Written => ({ ok: true, count }));
      } catch (error) {
        return writes.map(() => notApplied(error));
      } finally {
        // Their names return with the next instances; where the update has failed, they work again.
        await letWork(driver, drained).catch(() => {});
      }
    },
  };
}
