import { allocate } from "../../../plan/allocate.ts";

/** Numbers of tasks by key. */
type Tasks = Readonly<Record<string, number>>;

export interface Taker {
  readonly key: string;
  /** Of the tasks that it may take. */
  readonly selectors: readonly string[];
  readonly max: number;
  /** Instances that wait for a task. */
  readonly idle: number;
  /** Tasks that its instances say they hold. */
  readonly held: number;
}

/**
 * Shares out the waiting tasks of each selector over the agents that may take them: one to each idle instance, the rest in
 * proportion to how many instances the agents may have.
 */
export function shareWaiting(waiting: Tasks, takers: readonly Taker[]): Tasks {
  return share(waiting, takers, ({ idle }) => idle);
}

/** Attributes the leased tasks of each selector to the agents whose instances hold them, as far as those have said so. */
export function shareLeased(leased: Tasks, takers: readonly Taker[]): Tasks {
  return share(leased, takers, ({ held }) => held);
}

function share(tasks: Tasks, takers: readonly Taker[], first: (taker: Taker) => number): Tasks {
  const shares = new Map(takers.map(({ key }) => [key, 0]));
  const give = (key: string, number: number) => shares.set(key, (shares.get(key) ?? 0) + number);
  const matching = Map.groupBy(
    takers.flatMap((taker) => taker.selectors.map((selector) => ({ taker, selector }))),
    ({ selector }) => selector,
  );
  const words = Object.keys(tasks).filter((selector) => (tasks[selector] ?? 0) > 0);
  // What only one agent may take uses up its instances first.
  for (const isShared of [false, true]) {
    for (const selector of words) {
      const own = matching.get(selector)?.map(({ taker }) => taker) ?? [];
      if (own.length > 1 !== isShared) continue;
      let left = tasks[selector] ?? 0;
      for (const taker of own) {
        const ready = isShared ? Math.max(0, first(taker) - (shares.get(taker.key) ?? 0)) : left;
        const part = Math.min(left, ready);
        give(taker.key, part);
        left -= part;
      }
      for (const [key, part] of Object.entries(inProportion(left, own))) give(key, part);
    }
  }
  return Object.fromEntries(shares);
}

/** Whole rounds first, so that a long queue costs no more than a short one. */
function inProportion(tasks: number, takers: readonly Taker[]): Tasks {
  const agents = takers.map(({ key, max }) => ({ key, min: 0, max }));
  const round = agents.reduce((sum, { max }) => sum + max, 0);
  if (tasks === 0 || round === 0) return {};
  const rounds = Math.floor(tasks / round);
  const rest = allocate(tasks % round, { agents, minWorkers: 0, maxWorkers: round });
  return Object.fromEntries(agents.map(({ key, max }) => [key, rounds * max + (rest[key] ?? 0)]));
}
