import { z } from "zod";
import { targetKinds } from "../blueprint/model.ts";
import { desiredStatePatchSchema } from "../plan/desired-state.ts";
import type { EngineRunEvent, StepOp } from "./events.ts";

/** One run of the engine on one stack. */
export const engineRunRequestSchema = z.object({
  kind: z.enum(["up", "preview", "destroy"]),
  /** Name of the cluster: the stack's. */
  cluster: z.string(),
  /** The blueprint, by its absolute path and text; a destroy needs none. */
  source: z.object({ file: z.string(), text: z.string() }).optional(),
  target: z.enum(targetKinds).optional(),
  /** Of the kubeconfig, or of the docker command, for a target that is asked for. Without it the recorded one. */
  context: z.string().optional(),
  change: desiredStatePatchSchema.optional(),
  /** Id of the journal operation that this run is a part of. */
  operation: z.string().optional(),
  /** How long to wait for another run on this stack; 0 fails at once. */
  waitMs: z.number().default(0),
});

export type EngineRunRequest = z.input<typeof engineRunRequestSchema>;
export type EngineRunKind = EngineRunRequest["kind"];

export interface EngineRunResult {
  readonly kind: EngineRunKind;
  readonly cluster: string;
  /** Number of steps by operation, including `same`. */
  readonly changes: Readonly<Partial<Record<StepOp, number>>>;
  readonly durationMs: number;
}

/** The channel between a process and the child process that runs the engine for it. */
export interface EngineRunChannel {
  readonly request: EngineRunRequest;
  readonly event: EngineRunEvent;
  readonly result: EngineRunResult;
}

/** Whether anything changes: everything but `same` and `read`. */
export function hasChanges(changes: EngineRunResult["changes"]): boolean {
  return Object.entries(changes).some(([op, count]) => op !== "same" && op !== "read" && op !== "refresh" && count > 0);
}
