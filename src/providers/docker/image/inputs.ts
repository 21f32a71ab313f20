import type { RemoteImageArgs } from "@pulumi/docker/remoteImage.js";
import { z } from "zod";
import type { FieldTable } from "../fields/field.ts";
import { textsSchema } from "../fields/named-values.ts";

export const imageSchema = z.strictObject({
  name: z.string().min(1),
  build: z.strictObject({ context: z.string().min(1), dockerfile: z.string().optional() }).optional(),
  keepLocally: z.boolean().optional(),
  forceRemove: z.boolean().optional(),
  platform: z.string().optional(),
  pullTriggers: z.array(z.string()).optional(),
  triggers: textsSchema.optional(),
} satisfies Partial<Record<keyof RemoteImageArgs, z.ZodType>>);

export type ImageInputs = z.infer<typeof imageSchema>;

export const imageFields: FieldTable<ImageInputs> = {
  name: { change: "replace" },
  build: { change: "replace" },
  keepLocally: { change: "update" },
  forceRemove: { change: "update" },
  platform: { change: "replace" },
  pullTriggers: { change: "replace", set: true },
  triggers: { change: "replace" },
};

/** For built images: a change rebuilds under the same name. */
export const builtFields: FieldTable<ImageInputs> = {
  ...imageFields,
  build: { change: "update" },
  triggers: { change: "update" },
};
