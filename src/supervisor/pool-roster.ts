import type { Directive, Directives } from "../agent-api/database/directives.ts";
import { type Member, type Roster, reportsToOf, type TaskTaker } from "../agent-api/roster.ts";
import type { Clock } from "../platform/clock.ts";
import type { Instance } from "./instance.ts";
import type { Pool } from "./pool.ts";
import { capabilitiesOf } from "./pool-spec.ts";

/** The instances of a supervisor's pools, as the agent API sees them. */
export class PoolRoster implements Roster {
  readonly #pools: ReadonlyMap<string, Pool>;
  readonly #orders: Directives;
  readonly #clock: Clock;

  constructor(pools: ReadonlyMap<string, Pool>, directives: Directives, clock: Clock) {
    this.#pools = pools;
    this.#clock = clock;
    this.#orders = directives;
  }

  get size(): number {
    return [...this.#pools.values()].reduce((sum, pool) => sum + pool.size, 0);
  }

  takers(): readonly TaskTaker[] {
    return [...this.#pools].map(([agent, { spec }]) => ({
      agent,
      role: spec.role,
      capabilities: capabilitiesOf(spec),
    }));
  }

  find(id: string, agent: string): Member | undefined {
    const pool = this.#pools.get(agent);
    const instance = pool?.find(id);
    if (pool === undefined || instance === undefined) return undefined;
    const { parent, role } = pool.spec;
    const managers = parent === undefined ? 0 : (this.#pools.get(parent)?.wanted ?? 0);
    return {
      ...{ instance: id, agent, role, capabilities: capabilitiesOf(pool.spec) },
      reportsTo: reportsToOf(parent, instance.ordinal, managers),
      directive: lastDirective(instance, this.#clock.now()) ?? this.#orders.inForce(agent, id),
    };
  }

  registered(id: string, agent: string): void {
    this.#pools.get(agent)?.find(id)?.started();
  }
}

/** Deadline of a drain without one: close to 2^31 ms, the longest timer of agents. */
const patienceMs = 20 * 86_400_000;

/** A stopping instance drains until it is killed, a retiring one until it holds no task. */
function lastDirective({ stopDeadlineMs, retiring }: Instance, nowMs: number): Directive | undefined {
  if (retiring) return { kind: "drain", deadlineAtMs: nowMs + patienceMs };
  return stopDeadlineMs === undefined ? undefined : { kind: "drain", deadlineAtMs: stopDeadlineMs };
}
