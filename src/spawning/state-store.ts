import { emptyState, type SpawnState } from "./records.ts";

/** The result of a change; without a state nothing is written. */
export interface Change<Result> {
  readonly state?: SpawnState | undefined;
  readonly result: Result;
}

/** Keeps the state of spawning. Changes run one at a time, also those of other processes where it is durable. */
export interface SpawnStateStore {
  read(): Promise<SpawnState>;
  /** @param work runs on the current state; an error in it changes nothing */
  change<Result>(work: (state: SpawnState) => Change<Result>): Promise<Result>;
}

/** A state in memory. */
export function memoryStateStore(): SpawnStateStore {
  let state = emptyState;
  return {
    read: async () => state,
    // One turn of the event loop: nothing runs in between.
    async change(work) {
      const change = work(state);
      state = change.state ?? state;
      return change.result;
    },
  };
}
