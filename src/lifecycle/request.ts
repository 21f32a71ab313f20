import { z } from "zod";
import { targetKinds } from "../blueprint/model.ts";
import { desiredStatePatchSchema } from "../plan/desired-state.ts";
import { operationOf } from "./executor/definition.ts";
import { type Performed, perform, resumeOperation, rollbackOperation } from "./executor/perform.ts";
import { operations } from "./operations/operations.ts";
import { sourceSchema } from "./operations/up.ts";
import type { LifecycleOptions } from "./options.ts";
import { bringEnvironmentUp, removeEnvironment } from "./reconcile/environments.ts";

const on = { cluster: z.string(), waitMs: z.number() };
const continued = { id: z.string(), waitMs: z.number() };

/** A lifecycle request as data, so that another process can perform it. */
export const operationRequestSchema = z.discriminatedUnion("verb", [
  /** Any operation by its kind; its definition parses the input. */
  z.object({
    verb: z.literal("operation"),
    kind: z.enum(operations.map(({ kind }) => kind)),
    ...on,
    input: z.unknown(),
  }),
  z.object({
    ...{ verb: z.literal("environment-up"), ...on, source: sourceSchema.optional() },
    target: z.enum(targetKinds).optional(),
    change: desiredStatePatchSchema,
    until: z.number(),
  }),
  z.object({ verb: z.literal("environment-down"), ...on }),
  z.object({ verb: z.literal("resume"), ...continued }),
  z.object({ verb: z.literal("rollback"), ...continued }),
]);
export type OperationRequest = z.input<typeof operationRequestSchema>;

/** Performs a request. @throws SwarmError as the requested operation does */
export function performRequest(
  given: Omit<LifecycleOptions, "operations">,
  request: OperationRequest,
): Promise<Performed> {
  const options: LifecycleOptions = { ...given, operations };
  switch (request.verb) {
    case "operation": {
      const { cluster, waitMs, input } = request;
      return perform(options, operationOf(request.kind, operations), { cluster, waitMs }, input);
    }
    case "environment-up":
      return bringEnvironmentUp(options, { ...request, source: request.source, target: request.target });
    case "environment-down":
      return removeEnvironment(options, request);
    case "resume":
      return resumeOperation(options, request.id, request.waitMs);
    case "rollback":
      return rollbackOperation(options, request.id, request.waitMs);
    default:
      return request satisfies never;
  }
}
