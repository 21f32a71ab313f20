import { z } from "zod";
import { targetKinds } from "../blueprint/model.ts";
import { wishChangeSchema } from "../plan/wish.ts";
import { bringEnvironmentUp, removeEnvironment } from "./environments.ts";
import { operationOf, operations } from "./operations/operations.ts";
import type { LifecycleOptions } from "./options.ts";
import { type Performed, perform, resumeOperation, rollbackOperation } from "./perform.ts";

const on = { cluster: z.string(), waitMs: z.number() };
const continued = { id: z.string(), waitMs: z.number() };

/** A request to the lifecycle as data: another process can carry it out. */
export const orderSchema = z.discriminatedUnion("verb", [
  /** Any operation, by its kind; its definition reads the input. */
  z.object({
    verb: z.literal("operation"),
    kind: z.enum(operations.map(({ kind }) => kind)),
    ...on,
    input: z.unknown(),
  }),
  z.object({
    ...{ verb: z.literal("environment-up"), ...on, file: z.string().optional() },
    target: z.enum(targetKinds).optional(),
    change: wishChangeSchema,
    until: z.number(),
  }),
  z.object({ verb: z.literal("environment-down"), ...on }),
  z.object({ verb: z.literal("resume"), ...continued }),
  z.object({ verb: z.literal("rollback"), ...continued }),
]);
export type Order = z.input<typeof orderSchema>;

/** @throws SwarmError as what it asks for does */
export function carryOut(options: LifecycleOptions, order: Order): Promise<Performed> {
  switch (order.verb) {
    case "operation": {
      const { cluster, waitMs, input } = order;
      return perform(options, operationOf(order.kind), { cluster, waitMs }, input);
    }
    case "environment-up":
      return bringEnvironmentUp(options, { ...order, file: order.file, target: order.target });
    case "environment-down":
      return removeEnvironment(options, order);
    case "resume":
      return resumeOperation(options, order.id, order.waitMs);
    case "rollback":
      return rollbackOperation(options, order.id, order.waitMs);
    default:
      return order satisfies never;
  }
}
