import { z } from "zod";
import { targetKinds } from "../blueprint/model.ts";
import { wishChangeSchema } from "../plan/wish.ts";
import { bringEnvironmentUp, removeEnvironment } from "./environments.ts";
import { scaleWishSchema } from "./fold.ts";
import {
  bringUp,
  destroyCluster,
  hibernateCluster,
  type LifecycleOptions,
  type Performed,
  reactivateCluster,
  resumeOperation,
  rollbackOperation,
  scaleCluster,
} from "./lifecycle.ts";
import { migrateCluster } from "./migrate-cluster.ts";
import { migrateWishSchema } from "./operations/migrate.ts";

const on = { cluster: z.string(), waitMs: z.number() };
const takenUp = { id: z.string(), waitMs: z.number() };

/** A request to the lifecycle as data: another process can carry it out. */
export const orderSchema = z.discriminatedUnion("verb", [
  z.object({
    ...{ verb: z.literal("up"), ...on, file: z.string() },
    target: z.enum(targetKinds).optional(),
    change: wishChangeSchema,
  }),
  z.object({
    ...{ verb: z.literal("environment-up"), ...on, file: z.string().optional() },
    target: z.enum(targetKinds).optional(),
    change: wishChangeSchema,
    until: z.number(),
  }),
  z.object({ verb: z.literal("environment-down"), ...on }),
  z.object({ verb: z.literal("scale"), ...on, ...scaleWishSchema.shape }),
  z.object({ verb: z.literal("hibernate"), ...on }),
  z.object({ verb: z.literal("reactivate"), ...on }),
  z.object({ verb: z.literal("migrate"), ...on, ...migrateWishSchema.shape }),
  z.object({ verb: z.literal("destroy"), ...on, purge: z.boolean() }),
  z.object({ verb: z.literal("resume"), ...takenUp }),
  z.object({ verb: z.literal("rollback"), ...takenUp }),
]);
export type Order = z.infer<typeof orderSchema>;

/** @throws SwarmError as what it asks for does */
export function carryOut(options: LifecycleOptions, order: Order): Promise<Performed> {
  switch (order.verb) {
    case "up":
      return bringUp(options, { ...order, target: order.target });
    case "environment-up":
      return bringEnvironmentUp(options, { ...order, file: order.file, target: order.target });
    case "environment-down":
      return removeEnvironment(options, order);
    case "scale":
      return scaleCluster(options, { cluster: order.cluster, waitMs: order.waitMs, to: order.to, roles: order.roles });
    case "hibernate":
      return hibernateCluster(options, order);
    case "reactivate":
      return reactivateCluster(options, order);
    case "migrate":
      return migrateCluster(options, { ...order, to: { target: order.to.target, context: order.to.context } });
    case "destroy":
      return destroyCluster(options, order);
    case "resume":
      return resumeOperation(options, order.id, order.waitMs);
    case "rollback":
      return rollbackOperation(options, order.id, order.waitMs);
    default:
      return order satisfies never;
  }
}
