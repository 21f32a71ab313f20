import type { InstanceStatus } from "../../../agent-api/status.ts";
import type { MeasuredUsage } from "../../../drivers/driver.ts";
import { type Signal, signalOf, unknown } from "../../signal.ts";

export interface MeasuredInstances {
  readonly staying: readonly InstanceStatus[];
  readonly desired: number;
  /** By instance; undefined: the target measures nothing, and the instances' own figures are used. */
  readonly usage: ReadonlyMap<string, MeasuredUsage> | undefined;
  /** Cores that one instance requests. */
  readonly cores: number;
  /** Milliseconds since the epoch. */
  readonly now: number;
}

/** A figure of metrics.k8s.io is at most two of its windows old. */
const freshMs = 120_000;

/**
 * Processor use in percent of what the instances request. Those that are not measured yet count with nothing, so that those that
 * start are not started twice; as long as there are some, the load may raise a count and not lower it.
 */
export function loadPercentage({ staying, desired, usage, cores, now }: MeasuredInstances): Signal {
  const instances = Math.max(desired, staying.length);
  if (instances === 0) return { kind: "value", value: 0 };
  if (cores <= 0) return unknown("the instances request no processor");
  let used = 0;
  let measured = 0;
  let ageMs = 0;
  for (const { id, health, cpu, silentMs = 0 } of staying) {
    const found = usage === undefined ? { cpu, at: now - silentMs } : usage.get(id);
    if (found?.cpu === undefined) continue;
    used += found.cpu;
    if (health !== "unresponsive" || usage !== undefined) measured++;
    ageMs = Math.max(ageMs, now - (found.at ?? now));
  }
  if (measured === 0) return unknown(`none of ${instances} instances is measured`);
  const load = signalOf((100 * used) / (cores * instances), "the load");
  if (load.kind !== "value" || (measured === instances && ageMs <= freshMs)) return load;
  return { ...load, kind: "stale", ageMs };
}
