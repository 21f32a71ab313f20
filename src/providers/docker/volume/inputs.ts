import type { VolumeArgs } from "@pulumi/docker/volume.js";
import { z } from "zod";
import type { FieldTable } from "../fields/field.ts";
import { labelsSchema, textsSchema } from "../fields/named-values.ts";

export const volumeSchema = z.strictObject({
  name: z.string(),
  driver: z.string().optional(),
  driverOpts: textsSchema.optional(),
  labels: labelsSchema.optional(),
} satisfies Partial<Record<keyof VolumeArgs, z.ZodType>>);

export type VolumeInputs = z.infer<typeof volumeSchema>;

export const volumeFields: FieldTable<VolumeInputs> = {
  name: { change: "replace" },
  driver: { change: "replace", computed: true },
  driverOpts: { change: "replace" },
  labels: { change: "replace", set: true },
};
