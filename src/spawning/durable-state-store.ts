import { type Json, toJson } from "../store/json.ts";
import type { SpawnStates } from "../store/spawn-states.ts";
import { emptyState, type SpawnState, spawnStateSchema } from "./records.ts";
import type { SpawnStateStore } from "./state-store.ts";

/** The state of one cluster in the store: limits and cool-down also hold across restarts and processes. */
export function durableStateStore(states: SpawnStates, clusterId: string): SpawnStateStore {
  return {
    read: async () => stateOf(await states.show(clusterId)),
    change: (work) =>
      states.change(clusterId, (stored) => {
        const { state, result } = work(stateOf(stored));
        return { state: state && toJson(state), result };
      }),
  };
}

function stateOf(stored: Json): SpawnState {
  return stored === null ? emptyState : spawnStateSchema.parse(stored);
}
