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

/** Properties of an agent that determine which tasks it may lease, whether or not an instance is running. */
export type TaskTaker = Pick<Member, "agent" | "role" | "capabilities">;

/** Membership of the cluster, kept by the process that runs the instances. */
export interface Roster {
  find(instance: string, agent: string): Member | undefined;
  /** Number of instances. */
  readonly size: number;
  /** All agents of the cluster. */
  takers(): readonly TaskTaker[];
  /** An instance has registered. */
  registered(instance: string, agent: string): void;
}

/**
 * The instance that an instance reports to: the instances of an agent are spread evenly over those of the agent that it
 * reports to.
 * @example reportsToOf("lead", 5, 2) // "lead-1"
 */
export function reportsToOf(agent: string | undefined, ordinal: number, count: number): string | undefined {
  return agent === undefined || count < 1 ? undefined : `${agent}-${ordinal % count}`;
}

/**
 * Properties that determine which tasks an instance may lease: agent, role and capabilities from the blueprint. Its
 * registration can select from the capabilities, but not add to them.
 */
export function workerOf(
  { instance, agent, role, capabilities }: Member,
  { epoch, registration }: RegistrationEpoch,
): Worker {
  // A plan or registration of an older version may use another Unicode normalisation.
  const composed = (names: readonly string[]) => names.map((name) => name.normalize("NFC"));
  const offered = new Set(composed(registration?.capabilities ?? []));
  return { instance, agent, role, epoch, capabilities: composed(capabilities).filter((one) => offered.has(one)) };
}
