import type { Directive } from "./database/directives.ts";

/** An instance that may use the API. */
export interface Member {
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  /** The instance that it reports to. */
  readonly reportsTo: string | undefined;
  /** What it is told to do, if anything. */
  readonly directive: Directive | undefined;
}

/** Who belongs to the cluster; kept by whoever runs the instances. */
export interface Roster {
  find(instance: string, agent: string): Member | undefined;
  /** How many there are. */
  readonly size: number;
  /** An instance has begun a life. */
  registered(instance: string, agent: string): void;
}

/**
 * The instance that an instance reports to: those of an agent are spread evenly over those of its parent.
 *
 * @example reportsToOf("lead", 5, 2) // "lead-1"
 */
export function reportsToOf(agent: string | undefined, ordinal: number, count: number): string | undefined {
  return agent === undefined || count < 1 ? undefined : `${agent}-${ordinal % count}`;
}
