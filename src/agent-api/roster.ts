import type { Worker } from "../tasks/queue.ts";
import type { Directive } from "./database/directives.ts";
import type { RegistrationEpoch } from "./database/registrations.ts";

/** An instance that may use the API. */
export interface Member {
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  /** Capabilities in the blueprint. */
  readonly capabilities: readonly string[];
  /** The instance that it reports to. */
  readonly reportsTo: string | undefined;
  /** Its current directive, if any. */
  readonly directive: Directive | undefined;
}

/** Membership of the cluster, kept by the process that runs the instances. */
export interface Roster {
  find(instance: string, agent: string): Member | undefined;
  /** Number of instances. */
  readonly size: number;
  /** An instance has registered. */
  registered(instance: string, agent: string): void;
}

/**
 * The instance that an instance reports to: the instances of an agent are spread evenly over those of its superior
 * agent.
 * @example reportsToOf("lead", 5, 2) // "lead-1"
 */
export function reportsToOf(agent: string | undefined, ordinal: number, count: number): string | undefined {
  return agent === undefined || count < 1 ? undefined : `${agent}-${ordinal % count}`;
}

/**
 * What an instance may lease: agent, role and capabilities are the blueprint's, of which its registration selects
 * capabilities. A registration adds none.
 */
export function workerOf(
  { instance, agent, role, capabilities }: Member,
  { epoch, registration }: RegistrationEpoch,
): Worker {
  const offered = new Set(registration?.capabilities);
  return { instance, agent, role, epoch, capabilities: capabilities.filter((one) => offered.has(one)) };
}
