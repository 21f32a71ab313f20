import type { Order, Orders } from "../ledger/orders.ts";

/** An instance that may use the API. */
export interface Member {
  readonly instance: string;
  readonly agent: string;
  readonly role: string;
  /** The instance that it reports to. */
  readonly parent: string | undefined;
  /** What it is told to do, if anything. */
  readonly order: Order | undefined;
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
 * @example parentOf("lead", 5, 2) // "lead-1"
 */
export function parentOf(agent: string | undefined, ordinal: number, count: number): string | undefined {
  return agent === undefined || count < 1 ? undefined : `${agent}-${ordinal % count}`;
}

/** An agent as far as the API must know it. */
export interface RosterAgent {
  readonly role: string;
  /** Key of the agent that it reports to. */
  readonly parent?: string;
  /** How many there are to be. */
  readonly count: number;
}

/** Whoever shows a token of one of these agents belongs to the cluster: somebody else gave it, and decides who runs. */
export function staticRoster(agents: Readonly<Record<string, RosterAgent>>, orders: Orders): Roster {
  const known = new Map(Object.entries(agents));
  return {
    size: [...known.values()].reduce((sum, { count }) => sum + count, 0),
    find(instance, agent) {
      const entry = known.get(agent);
      if (entry === undefined) return undefined;
      const parent = parentOf(entry.parent, ordinalIn(instance), known.get(entry.parent ?? "")?.count ?? 0);
      return { instance, agent, role: entry.role, parent, order: orders.inForce(agent, instance) };
    },
    registered: () => {},
  };
}

/** The number at the end of an instance's id; 0 where there is none. */
function ordinalIn(instance: string): number {
  return Number(/-(\d+)$/.exec(instance)?.[1] ?? 0);
}
