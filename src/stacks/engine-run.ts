import { z } from "zod";
import { targetKinds } from "../blueprint/model.ts";
import type { SerializedError } from "../errors.ts";
import { desiredStatePatchSchema } from "../plan/desired-state.ts";
import type { EngineRunEvent, StepOp } from "./events.ts";

/** One run of the engine on one stack. */
export const engineRunRequestSchema = z.object({
  kind: z.enum(["up", "preview", "destroy"]),
  /** Name of the cluster: the stack's. */
  cluster: z.string(),
  /** Absolute path of the blueprint; a destroy needs none. */
  blueprint: z.string().optional(),
  target: z.enum(targetKinds).optional(),
  /** Of the kubeconfig, or of the docker command, for a target that is asked for. Without it the recorded one. */
  context: z.string().optional(),
  change: desiredStatePatchSchema.optional(),
  /** Folder that files of the blueprint are relative to, where it is not the blueprint's own. */
  folder: z.string().optional(),
  /** Id of the operation of the journal that this is a part of. */
  operation: z.string().optional(),
  /** How long to wait for another operation on this cluster; 0 refuses at once. */
  waitMs: z.number().default(0),
});

export type EngineRunRequest = z.input<typeof engineRunRequestSchema>;
export type EngineRunKind = EngineRunRequest["kind"];

export interface EngineRunResult {
  readonly kind: EngineRunKind;
  readonly cluster: string;
  /** Steps by what they do; `same` included. */
  readonly changes: Readonly<Partial<Record<StepOp, number>>>;
  readonly durationMs: number;
}

/** What the operation's process sends to the one that asked for it. */
export type WorkerMessage =
  | { readonly type: "event"; readonly event: EngineRunEvent }
  | { readonly type: "result"; readonly result: EngineRunResult }
  | { readonly type: "error"; readonly error: SerializedError; readonly stack?: string | undefined };

/** What the one that asked sends: end after the running step. */
export type ControlMessage = { readonly type: "abort" };

/** Whether anything changes: everything but `same` and `read`. */
export function hasChanges(changes: EngineRunResult["changes"]): boolean {
  return Object.entries(changes).some(([op, count]) => op !== "same" && op !== "read" && op !== "refresh" && count > 0);
}
