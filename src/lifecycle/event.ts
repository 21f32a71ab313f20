import type { EngineRunEvent } from "../stacks/events.ts";
import type { Part } from "./executor/progress/part.ts";

/** An event of an operation: its steps, and the events of the engine. */
export type LifecycleEvent =
  | EngineRunEvent
  | { readonly type: "operation"; readonly id: string; readonly kind: string; readonly cluster: string }
  /** Agents and node pools of the operation. */
  | { readonly type: "parts"; readonly operation: string; readonly parts: readonly Part[] }
  /** Durations of earlier operations of the kind in milliseconds, by step and by `<part>/<step>`. */
  | {
      readonly type: "expected";
      readonly operation: string;
      readonly stepsMs: Readonly<Record<string, number>>;
      readonly partsMs: Readonly<Record<string, number>>;
    }
  | {
      readonly type: "phase";
      readonly operation: string;
      readonly name: string;
      readonly phase: "started" | "done" | "failed" | "undoing" | "undone";
    }
  /** How many instances of an agent have completed work that no resource reports: "draining", "verifying". */
  | {
      readonly type: "instances";
      readonly operation: string;
      readonly part: string;
      readonly doing: string;
      readonly done: number;
      readonly of: number;
    };

/** Creates an informational message. */
export function note(text: string): LifecycleEvent {
  return { type: "message", severity: "info", text, resource: undefined, ephemeral: false };
}
