import { z } from "zod";
import { targetKinds } from "../blueprint/model.ts";
import { desiredStatePatchSchema } from "../plan/desired-state.ts";
import type { EngineRunEvent, StepOp } from "./events.ts";

/** One run of the engine on one stack. */
export const engineRunRequestSchema = z.object({
  kind: z.enum(["up", "preview", "destroy"]),
  /** Name of the cluster and of its stack. */
  cluster: z.string(),
  /** Absolute path and text of the blueprint; not needed for a destroy. */
  source: z.object({ file: z.string(), text: z.string() }).optional(),
  target: z.enum(targetKinds).optional(),
  /** Context of the kubeconfig or of the docker command, for a requested target. Default: the recorded one. */
  context: z.string().optional(),
  change: desiredStatePatchSchema.optional(),
  /** Id of the journal operation that this run belongs to. */
  operation: z.string().optional(),
  /** Time limit to wait for another run on this stack; 0 fails at once. */
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

/** Whether a run changes anything: any step but `same` and `read`. */
export function hasChanges(changes: EngineRunResult["changes"]): boolean {
  return Object.entries(changes).some(([op, count]) => op !== "same" && op !== "read" && op !== "refresh" && count > 0);
}
