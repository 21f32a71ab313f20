import { SwarmError } from "../errors.ts";
import type { Cluster, LifecycleState } from "../store/clusters.ts";
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
    hints: running.has(state) ? [] : wayOut({ name: cluster, status: state, blueprintFile: null }),
    values: { cluster, state, request, possible },
  });
}

/** Commands that bring a cluster to a state in which its agents run. */
function wayOut({ name, status, blueprintFile }: Pick<Cluster, "name" | "status" | "blueprintFile">): string[] {
  const up = `swarmctl up ${blueprintFile ?? "FILE"}`;
  switch (status) {
    case "HIBERNATED":
      return [`swarmctl reactivate ${name}`];
    case "HIBERNATING":
    case "REACTIVATING":
    case "MIGRATING":
      return [`resume or roll back its operation: swarmctl ops list ${name}`];
    case "DESTROYING":
      return [`swarmctl destroy ${name}`, `swarmctl ops list ${name}`];
    case "FAILED":
      return [`swarmctl ops list ${name}`, up];
    case "PLANNING":
    case "SPAWNING":
    case "DESTROYED":
    case "ACTIVE":
    case "SCALING_UP":
    case "SCALING_DOWN":
      return [up];
    default:
      return status satisfies never;
  }
}

/**
 * Explains why the agents of a cluster do not answer, by its state; shared by all commands that need running agents.
 *
 * @returns the original error, with hints, if the state does not explain it
 */
export function explainSilence(
  cluster: Pick<Cluster, "name" | "status" | "statusReason" | "blueprintFile">,
  error: SwarmError,
): SwarmError {
  const { name, status, statusReason: reason } = cluster;
  const hints = wayOut(cluster);
  const values = { ...error.values, cluster: name, state: status };
  if (running.has(status)) return new SwarmError(error.code, error.message, { hints, values, cause: error });
  const why = status === "FAILED" && reason !== null ? `: ${reason}` : "; its agents do not run";
  return new SwarmError("SW620", `cluster ${name} is ${status}${why}`, { hints, values, cause: error });
}

/** States in which agents run unless stopped externally. */
const running: ReadonlySet<LifecycleState> = new Set(["ACTIVE", "SCALING_UP", "SCALING_DOWN"]);
