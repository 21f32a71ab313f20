import { SwarmError } from "../errors.ts";
import type { LifecycleState } from "../store/clusters.ts";
import type { AnyOperation } from "./executor/definition.ts";

const all = [
  "PLANNING",
  "SPAWNING",
  "ACTIVE",
  "SCALING_UP",
  "SCALING_DOWN",
  "HIBERNATING",
  "HIBERNATED",
  "REACTIVATING",
  "MIGRATING",
  "DESTROYING",
  "DESTROYED",
  "FAILED",
] as const satisfies readonly LifecycleState[];

/** For each state of a cluster the requests that it allows, and the state in which each is carried out. */
export type StateTable = Readonly<Record<LifecycleState, Readonly<Record<string, LifecycleState>>>>;

/**
 * The state table that operations define. A state that ends in -ING is met only when its operation was left by its runner: an
 * operation of several updates is then resumed or rolled back, or the cluster destroyed.
 */
export function stateTable(of: readonly AnyOperation[]): StateTable {
  const requests = of.flatMap(({ states }) => Object.entries(states));
  const row = (state: LifecycleState) =>
    requests.flatMap(([request, during]) => {
      const next = during[state];
      return next === undefined ? [] : [[request, next] as const];
    });
  return Object.fromEntries(all.map((state) => [state, Object.fromEntries(row(state))])) as StateTable;
}

/**
 * The state in which a request is carried out.
 *
 * @throws SwarmError SW620 with the state, the request, and what is possible
 */
export function transition(cluster: string, state: LifecycleState, request: string, table: StateTable): LifecycleState {
  const next = table[state][request];
  if (next !== undefined) return next;
  const possible = Object.keys(table[state]);
  const words = possible.length === 0 ? "nothing is possible any more" : `possible are ${possible.join(", ")}`;
  throw new SwarmError("SW620", `cluster ${cluster} is ${state}, which allows no ${request}; ${words}`, {
    hints: isLeft(state) ? ["finish what was begun, or take it back: swarmctl ops list shows it"] : [],
    values: { cluster, state, request, possible },
  });
}

function isLeft(state: LifecycleState): boolean {
  return state === "HIBERNATING" || state === "REACTIVATING" || state === "MIGRATING";
}
