import type { Directive } from "../database/directives.ts";
import type { InstanceState } from "../instance-state.ts";
import type { AgentState } from "../messages.ts";

/** How an instance is, from its process, its registration and its heartbeats. */
export const healthStates = ["starting", "idle", "busy", "drained", "failed", "unresponsive"] as const;
export type Health = (typeof healthStates)[number];

export interface Signs {
  readonly process: InstanceState;
  /** It runs our reference agent, which must register before it counts as running. */
  readonly mustRegister: boolean;
  /** Undefined: it has not registered, or knows nothing of the API. */
  readonly registration: { readonly state: AgentState | undefined; readonly silentMs: number } | undefined;
  readonly heartbeatIntervalMs: number;
  /** Cores in use. */
  readonly cpu: number | undefined;
  readonly directive: Directive["kind"] | undefined;
}

/** A process that knows nothing of the API is at work when it uses more than this many cores. */
const busyCores = 0.05;

/** @returns undefined for an instance that is being stopped, or is: it has no health. */
export function healthOf(signs: Signs): Health | undefined {
  switch (signs.process) {
    case "stopping":
    case "stopped":
      return undefined;
    case "backing-off":
    case "failed":
      return "failed";
    case "starting":
    case "running":
      return signs.registration === undefined ? unheard(signs) : heard(signs, signs.registration);
    default:
      return signs.process satisfies never;
  }
}

/** Three heartbeats may be lost, and a busy machine gets a second more. */
export function silenceLimitMs(heartbeatIntervalMs: number): number {
  return 3 * heartbeatIntervalMs + 1_000;
}

function heard({ heartbeatIntervalMs }: Signs, { state, silentMs }: NonNullable<Signs["registration"]>): Health {
  if (silentMs > silenceLimitMs(heartbeatIntervalMs)) return "unresponsive";
  return state ?? "starting";
}

function unheard({ process, mustRegister, cpu, directive }: Signs): Health {
  if (process === "starting" || mustRegister) return "starting";
  if (cpu === undefined) return "busy";
  if (cpu > busyCores) return "busy";
  return directive === undefined ? "idle" : "drained";
}
