import { SwarmError } from "../errors.ts";
import type { ClusterStatus } from "../store/clusters.ts";

/** What can be asked of a cluster as a whole. */
export const lifecycleRequests = [
  "spawn",
  "update",
  "scale-up",
  "scale-down",
  "hibernate",
  "reactivate",
  "migrate",
  "destroy",
] as const;
export type LifecycleRequest = (typeof lifecycleRequests)[number];

type Row = Readonly<Partial<Record<LifecycleRequest, ClusterStatus>>>;

const interruptedScale: Row = {
  update: "ACTIVE",
  "scale-up": "SCALING_UP",
  "scale-down": "SCALING_DOWN",
  destroy: "DESTROYING",
};

/**
 * The state in which a request is carried out, by the state in which it comes. A state that ends in -ING is met here only
 * when its operation was left by its runner: an operation of several updates is then resumed or rolled back, or the
 * cluster destroyed.
 */
export const transitions: Readonly<Record<ClusterStatus, Row>> = {
  PLANNING: { spawn: "SPAWNING", destroy: "DESTROYING" },
  SPAWNING: { spawn: "SPAWNING", destroy: "DESTROYING" },
  ACTIVE: {
    update: "ACTIVE",
    "scale-up": "SCALING_UP",
    "scale-down": "SCALING_DOWN",
    hibernate: "HIBERNATING",
    migrate: "MIGRATING",
    destroy: "DESTROYING",
  },
  SCALING_UP: interruptedScale,
  SCALING_DOWN: interruptedScale,
  HIBERNATING: { destroy: "DESTROYING" },
  HIBERNATED: { update: "HIBERNATED", reactivate: "REACTIVATING", destroy: "DESTROYING" },
  REACTIVATING: { destroy: "DESTROYING" },
  MIGRATING: { destroy: "DESTROYING" },
  DESTROYING: { destroy: "DESTROYING" },
  DESTROYED: {},
  FAILED: { spawn: "SPAWNING", "scale-up": "SCALING_UP", "scale-down": "SCALING_DOWN", destroy: "DESTROYING" },
};

/**
 * The state in which a request is carried out.
 *
 * @throws SwarmError SW620 with the state, the request, and what is possible
 */
export function transition(cluster: string, state: ClusterStatus, request: LifecycleRequest): ClusterStatus {
  const next = transitions[state][request];
  if (next !== undefined) return next;
  const possible = Object.keys(transitions[state]);
  const words = possible.length === 0 ? "nothing is possible any more" : `possible are ${possible.join(", ")}`;
  throw new SwarmError("SW620", `cluster ${cluster} is ${state}, which allows no ${request}; ${words}`, {
    hints: isLeft(state) ? ["finish what was begun, or take it back: swarmctl ops list shows it"] : [],
    values: { cluster, state, request, possible },
  });
}

/** In which state an operation of the journal that is taken up again finds its cluster. */
export function stateDuring(kind: string): ClusterStatus {
  const states: Readonly<Record<string, ClusterStatus>> = {
    spawn: "SPAWNING",
    update: "ACTIVE",
    scale: "SCALING_UP",
    hibernate: "HIBERNATING",
    reactivate: "REACTIVATING",
    migrate: "MIGRATING",
    destroy: "DESTROYING",
  };
  return states[kind] ?? "FAILED";
}

function isLeft(state: ClusterStatus): boolean {
  return state === "HIBERNATING" || state === "REACTIVATING" || state === "MIGRATING";
}
