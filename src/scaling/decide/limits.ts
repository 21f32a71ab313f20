import { type Clamped, clampTo } from "./clamps.ts";
import type { AgentScaling, ScalingConfig } from "./config.ts";

/** A count of each agent, with its live count where that is known. */
export interface Counted {
  readonly scaling: AgentScaling;
  readonly live: number;
  /** Its live count is not known, and taken as its maximum. */
  readonly isUnknown?: boolean;
  /** A person holds it at its live count. */
  readonly isHeld?: boolean;
  readonly wanted: Clamped;
}

const rank = { supervisor: 0, lead: 1, specialist: 2, worker: 3 } as const;

/**
 * Couples the tiers: an agent that others report to has one instance while one of theirs is wanted or runs, so that counts reach 0
 * from the leaves up and come back from the root down.
 */
export function coupleTiers(counted: readonly Counted[]): readonly Counted[] {
  const byKey = new Map(counted.map((one) => [one.scaling.agent, one]));
  // Leaves first, so that a raised lead raises its supervisor.
  for (const { scaling } of counted.toSorted((a, b) => rank[b.scaling.role] - rank[a.scaling.role])) {
    const parent = byKey.get(scaling.reportsTo ?? "");
    const own = byKey.get(scaling.agent);
    if (parent === undefined || own === undefined || parent.isHeld || parent.scaling.max === 0) continue;
    const count = Math.max(own.wanted.count, own.live);
    // What is not known keeps a lead, and starts none.
    if (count === 0 || (own.isUnknown && parent.live === 0)) continue;
    const reason = own.isUnknown
      ? `${scaling.agent} reports to it, and how many run is not known`
      : `${scaling.agent} reports to it and has ${count}`;
    const wanted = clampTo(parent.wanted, Math.max(1, parent.wanted.count), "tier", reason);
    byKey.set(parent.scaling.agent, { ...parent, wanted });
  }
  return counted.map((one) => byKey.get(one.scaling.agent) ?? one);
}

/** An agent whose lead has no instance, and gets none for a limit, is not started either. */
export function awaitLeads(counted: readonly Counted[]): readonly Counted[] {
  const byKey = new Map(counted.map((one) => [one.scaling.agent, one]));
  return byRank(counted, (one) => {
    const lead = byKey.get(one.scaling.reportsTo ?? "");
    if (lead === undefined || lead.isHeld || lead.scaling.max === 0) return one;
    if (one.live > 0 || lead.live > 0 || lead.wanted.count > 0) return one;
    const held = { ...one, wanted: clampTo(one.wanted, 0, "tier", `${lead.scaling.agent}, its lead, cannot start`) };
    byKey.set(one.scaling.agent, held);
    return held;
  });
}

/**
 * Keeps raises within pools, quotas and the budget. An unknown limit raises nothing; no limit lowers a count. What falls now leaves
 * its room to the next decision, when it is gone.
 */
export function applyCeilings(
  counted: readonly Counted[],
  { ceilings }: Pick<ScalingConfig, "ceilings">,
): readonly Counted[] {
  return ceilings.reduce<readonly Counted[]>((given, { name, limit, units }) => {
    let used = given.reduce((sum, { scaling: { agent }, live }) => sum + (units[agent] ?? 0) * live, 0);
    return byRank(given, (one) => {
      const unit = units[one.scaling.agent] ?? 0;
      if (unit === 0 || one.wanted.count <= one.live) return one;
      if (limit === undefined) {
        return { ...one, wanted: clampTo(one.wanted, one.live, "ceiling", `the limit of ${name} is not known`) };
      }
      const room = Math.max(0, Math.floor((limit - used) / unit + 1e-9));
      const count = Math.min(one.wanted.count, one.live + room);
      used += unit * (count - one.live);
      return { ...one, wanted: clampTo(one.wanted, count, "ceiling", `${name} allows ${limit}`) };
    });
  }, counted);
}

/** Raises stop where the sum of all counts is `max_workers`. The leaves give way first. */
export function capCluster(
  counted: readonly Counted[],
  { maxWorkers }: Pick<ScalingConfig, "maxWorkers">,
): readonly Counted[] {
  let over = counted.reduce((sum, { wanted }) => sum + wanted.count, 0) - maxWorkers;
  return byRank(
    counted,
    (one) => {
      const cut = Math.max(0, Math.min(over, one.wanted.count - one.live));
      over -= cut;
      return {
        ...one,
        wanted: clampTo(one.wanted, one.wanted.count - cut, "cluster-size", `max_workers is ${maxWorkers}`),
      };
    },
    -1,
  );
}

/** Decreases stop where the sum of all counts is `min_workers`. */
export function keepLeast(
  counted: readonly Counted[],
  { minWorkers }: Pick<ScalingConfig, "minWorkers">,
): readonly Counted[] {
  const sum = counted.reduce((least, one) => least + (one.isUnknown ? one.scaling.min : one.wanted.count), 0);
  let under = minWorkers - sum;
  return byRank(counted, (one) => {
    const kept = Math.max(0, Math.min(under, one.live - one.wanted.count));
    under -= kept;
    return {
      ...one,
      wanted: clampTo(one.wanted, one.wanted.count + kept, "cluster-size", `min_workers is ${minWorkers}`),
    };
  });
}

/** Applies a function in the order of the hierarchy, from the root down (or, with -1, from the leaves up); keeps the list's order. */
function byRank(
  counted: readonly Counted[],
  apply: (one: Counted) => Counted,
  direction: 1 | -1 = 1,
): readonly Counted[] {
  const order = counted
    .map((one, index) => ({ one, index }))
    .toSorted((a, b) => direction * (rank[a.one.scaling.role] - rank[b.one.scaling.role]) || a.index - b.index);
  const results: Counted[] = [...counted];
  for (const { one, index } of order) results[index] = apply(one);
  return results;
}
