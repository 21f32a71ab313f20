import type { Directive } from "../database/directives.ts";
import type { InstanceState } from "../instance-state.ts";
import type { AgentState } from "../messages.ts";

/** Health of an instance, derived from its process, registration and heartbeats. */
export const healthStates = ["starting", "idle", "busy", "drained", "failed", "unresponsive"] as const;
export type Health = (typeof healthStates)[number];

export interface Signs {
  readonly process: InstanceState;
  /** It runs the reference agent, which must register before it counts as running. */
  readonly mustRegister: boolean;
  /** Undefined: not registered, or does not use the API. */
  readonly registration: { readonly state: AgentState | undefined; readonly silentMs: number } | undefined;
  readonly heartbeatIntervalMs: number;
  /** Cores in use. */
  readonly cpu: number | undefined;
  readonly directive: Directive["kind"] | undefined;
  /** It has registered again after it drained: it gets no tasks, and its state is saved. */
  readonly isDrained?: boolean;
}

/** A process without the API counts as busy above this many cores. */
const busyCores = 0.05;

/**
 * Derives the health of an instance.
 * @returns undefined for an instance that is stopping or stopped.
 */
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

const shortestMs = 2_000;
const longestMs = 30_000;
/** Heartbeats per second that one API takes without noticeable load. */
const beatsPerSecond = 100;

/** Heartbeat interval: 2 s, longer for many instances. */
export function heartbeatIntervalMs(instances: number): number {
  return Math.min(longestMs, Math.max(shortestMs, Math.ceil((instances / beatsPerSecond) * 1000)));
}

/** Silence after which an instance is unresponsive: three heartbeats, plus a second for a loaded machine. */
export function silenceLimitMs(heartbeatIntervalMs: number): number {
  return 3 * heartbeatIntervalMs + 1_000;
}

function heard(
  { heartbeatIntervalMs, isDrained }: Signs,
  { state, silentMs }: NonNullable<Signs["registration"]>,
): Health {
  if (silentMs > silenceLimitMs(heartbeatIntervalMs)) return "unresponsive";
  if (isDrained && state === "idle") return "drained";
  return state ?? "starting";
}

function unheard({ process, mustRegister, cpu, directive }: Signs): Health {
  if (process === "starting" || mustRegister) return "starting";
  if (cpu === undefined) return "busy";
  if (cpu > busyCores) return "busy";
  return directive === undefined ? "idle" : "drained";
}
