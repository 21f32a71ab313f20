import type { Driver } from "../../drivers/driver.ts";
import type { Actuator, Write, Written } from "./actuator.ts";
import { notApplied } from "./not-applied.ts";
import { chooseVictims } from "./victims.ts";

export interface UpdateActuatorOptions {
  readonly driver: Driver;
  /** Scales the cluster by one operation, which is refused while another one is open; returns the counts after it. */
  readonly scale: (counts: Readonly<Record<string, number>>, signal: AbortSignal) => Promise<void>;
}

/**
 * Writes counts by one update of the stack, where instances are its resources. The highest ordinals go first, so a busy instance
 * protects those below it until it is idle.
 */
export function updateActuator({ driver, scale }: UpdateActuatorOptions): Actuator {
  return {
    async apply(writes, signal) {
      try {
        const status = await driver.status(signal);
        const counts = writes.map(({ agent, count }: Write): number => {
          const instances = status?.agents.find((one) => one.agent === agent)?.instances ?? [];
          const inOrder = instances.toSorted((a, b) => a.id.localeCompare(b.id, "en", { numeric: true }));
          if (count >= inOrder.length) return count;
          return inOrder.length - chooseVictims(inOrder, count, "highest").length;
        });
        const changes = writes.flatMap(({ agent }, index) => {
          const count = counts[index] ?? 0;
          const present = status?.agents.find((one) => one.agent === agent)?.instances.length ?? 0;
          return count === present ? [] : [[agent, count] as const];
        });
        if (changes.length > 0) await scale(Object.fromEntries(changes), signal);
        return counts.map((count): Written => ({ ok: true, count }));
      } catch (error) {
        return writes.map(() => notApplied(error));
      }
    },
  };
}
