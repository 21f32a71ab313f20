import type { Pins } from "../../plan/pins.ts";
import { type ScalingPause, wholeCluster } from "../../store/scaling-pauses.ts";
import type { Pin } from "../decide/config.ts";

/** The pause of the whole cluster that is in force, if any. */
export function pauseOf(pauses: readonly ScalingPause[]): Pin | undefined {
  const whole = pauses.find(({ agent }) => agent === wholeCluster);
  return whole && { by: whole.actor, until: whole.until ?? undefined };
}

/** The counts that stay: those that people set, and those of agents that they paused. */
export function pinsWith(pins: Pins, pauses: readonly ScalingPause[]): Pins {
  const paused = pauses
    .filter(({ agent }) => agent !== wholeCluster)
    .map(({ agent, actor: by, until }) => [agent, { by, until: until ?? undefined }] as const);
  return { ...Object.fromEntries(paused), ...pins };
}
