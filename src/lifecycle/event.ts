import type { EngineRunEvent } from "../stacks/events.ts";
import type { Part } from "./executor/progress/part.ts";

/** What an operation of the lifecycle tells while it runs: its own steps, and what the engine tells. */
export type LifecycleEvent =
  | EngineRunEvent
  | { readonly type: "operation"; readonly id: string; readonly kind: string; readonly cluster: string }
  /** Whom it is about. */
  | { readonly type: "parts"; readonly operation: string; readonly parts: readonly Part[] }
  /** What earlier ones of its kind took, in milliseconds: by step, and by `<part>/<step>`. */
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
  /** How many instances of an agent are through with something that no resource does: "draining", "verifying". */
  | {
      readonly type: "instances";
      readonly operation: string;
      readonly part: string;
      readonly doing: string;
      readonly done: number;
      readonly of: number;
    };

export function note(text: string): LifecycleEvent {
  return { type: "message", severity: "info", text, resource: undefined, ephemeral: false };
}
