import type { Directive } from "./database/directives.ts";

/** An instance that may use the API. */
export interface Member {
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
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
