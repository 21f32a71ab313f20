import type { InstanceState } from "../instance-state.ts";

/** Start period of an agent whose blueprint sets none. */
export const defaultStartPeriodMs = 5_000;

/** Exits during one start after which another attempt is not expected to help: some 4 to 8 seconds, by the back-off. */
const hopelessExits = 5;

/** Observations of an instance since its start was requested. */
export interface StartSigns {
  readonly process: InstanceState;
  /** The present process has registered with the agent API. */
  readonly registered: boolean;
  /** It runs the built-in agent, which has started only when it has registered. */
  readonly mustRegister: boolean;
  /** How long the present process has run. */
  readonly ranForMs: number;
  readonly startPeriodMs: number;
  /** Unexpected ends of its processes since then. */
  readonly exits: number;
}

export type Startup = "up" | "starting" | "failed";

/**
 * Decides whether an instance has started: it has registered, or its process has stayed up through the start period
 * without an exit. It has failed when its program cannot be started or has exited repeatedly.
 */
export function startupOf(signs: StartSigns): Startup {
  switch (signs.process) {
    case "starting":
    case "running":
      if (signs.registered) return "up";
      return !signs.mustRegister && signs.ranForMs >= signs.startPeriodMs ? "up" : "starting";
    case "backing-off":
      return signs.exits >= hopelessExits ? "failed" : "starting";
    case "failed":
      return "failed";
    case "stopping":
    case "stopped":
      return "starting";
    default:
      return signs.process satisfies never;
  }
}
