import type { OperationEvent } from "../stacks/events.ts";

/** What an operation of the lifecycle tells while it runs: its own steps, and what the engine tells. */
export type LifecycleEvent =
  | OperationEvent
  | { readonly type: "operation"; readonly id: string; readonly kind: string; readonly cluster: string }
  | {
      readonly type: "phase";
      readonly operation: string;
      readonly name: string;
      readonly phase: "started" | "done" | "failed" | "undoing" | "undone";
    };

export function note(text: string): LifecycleEvent {
  return { type: "message", severity: "info", text, resource: undefined, ephemeral: false };
}
