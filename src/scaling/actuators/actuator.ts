/** A count to apply to one agent. A fast write never raises the generation; `seq` orders writes within one. */
export interface Write {
  /** Identity of the cluster. */
  readonly uid: string;
  /** Generation of the desired state that the count was decided for. */
  readonly generation: number;
  readonly seq: number;
  readonly agent: string;
  readonly count: number;
}

/** Why a write was not applied. */
export type NotApplied = "moved-on" | "operation" | "asleep" | "pinned" | "unreachable";

export type Written =
  /** `count` is the count that the target has now: at least the number of busy instances. */
  | { readonly ok: true; readonly count: number }
  | { readonly ok: false; readonly code: NotApplied; readonly reason: string };

/** Applies counts to one cluster. */
export interface Actuator {
  /**
   * Applies several counts with as few writes as the target allows, one result for each. Each write is checked at the target against
   * open operations and the generation; an instance that holds a task is never stopped.
   */
  apply(writes: readonly Write[], signal: AbortSignal): Promise<readonly Written[]>;
}
