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

/** For each state of a cluster, the allowed requests and the state during each. */
export type StateTable = Readonly<Record<LifecycleState, Readonly<Record<string, LifecycleState>>>>;

/**
 * Builds the state table from operations. A new request meets a state that ends in -ING only after the runner of its operation was
 * killed; an operation of several updates must then be resumed or rolled back, or the cluster destroyed.
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
 * Returns the state of a cluster during a request.
 *
 * @throws SwarmError SW620 with the state, the request and the allowed requests
 */
export function transition(cluster: string, state: LifecycleState, request: string, table: StateTable): LifecycleState {
  const next = table[state][request];
  if (next !== undefined) return next;
  const possible = Object.keys(table[state]);
  const words = possible.length === 0 ? "no request is allowed" : `allowed: ${possible.join(", ")}`;
  throw new SwarmError("SW620", `cluster ${cluster} is ${state}, which does not allow ${request}; ${words}`, {
    hints: isLeft(state) ? ["resume or roll back its operation: swarmctl ops list"] : [],
    values: { cluster, state, request, possible },
  });
}

function isLeft(state: LifecycleState): boolean {
  return state === "HIBERNATING" || state === "REACTIVATING" || state === "MIGRATING";
}
