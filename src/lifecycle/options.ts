import type { Engine } from "../stacks/engine/index.ts";
import type { Settings } from "../stacks/settings.ts";
import type { LifecycleEvent } from "./event.ts";
import type { AnyOperation } from "./executor/definition.ts";

/** What every operation of the lifecycle is given. */
export interface LifecycleOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  /** Ends the operation after the running step. */
  readonly signal: AbortSignal;
  readonly onEvent: (event: LifecycleEvent) => void;
  /** The operations that the journal may have. */
  readonly operations: readonly AnyOperation[];
  /** Who asks, and why; without it whoever runs this process. */
  readonly by?: { readonly actor: string; readonly reason: string };
}
