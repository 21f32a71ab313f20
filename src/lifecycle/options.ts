import type { Engine } from "../stacks/engine/index.ts";
import type { Settings } from "../stacks/settings.ts";
import type { LifecycleEvent } from "./event.ts";
import type { AnyOperation } from "./executor/definition.ts";

/** Options of every operation. */
export interface LifecycleOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  /** Stops the operation after the running step. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: LifecycleEvent) => void;
  /** The operations that the journal may have. */
  readonly operations: readonly AnyOperation[];
  /** Actor and reason for the journal; default: the user of this process. */
  readonly by?: { readonly actor: string; readonly reason: string };
}
