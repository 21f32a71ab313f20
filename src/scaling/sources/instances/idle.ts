import type { LiveInstances } from "../../observation.ts";
import type { Signal } from "../../signal.ts";

/** Idle instances in percent of the desired ones. */
export function idlePercentage({ idle, desired, starting, busy, failed }: LiveInstances): Signal {
  const all = Math.max(desired, starting + idle + busy + failed);
  return { kind: "value", value: all === 0 ? 0 : (100 * idle) / all };
}
