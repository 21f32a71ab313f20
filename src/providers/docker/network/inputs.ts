import type { NetworkArgs } from "@pulumi/docker/network.js";
import { z } from "zod";
import type { FieldTable } from "../fields/field.ts";
import { labelsSchema, textsSchema } from "../fields/named-values.ts";

export const networkSchema = z.strictObject({
  name: z.string(),
  driver: z.string().optional(),
  internal: z.boolean().optional(),
  attachable: z.boolean().optional(),
  ingress: z.boolean().optional(),
  ipv6: z.boolean().optional(),
  labels: labelsSchema.optional(),
  options: textsSchema.optional(),
  ipamDriver: z.string().optional(),
  ipamOptions: textsSchema.optional(),
  ipamConfigs: z
    .array(
      z.strictObject({
        subnet: z.string().optional(),
        ipRange: z.string().optional(),
        gateway: z.string().optional(),
        auxAddress: textsSchema.optional(),
      }),
    )
    .optional(),
} satisfies Partial<Record<keyof NetworkArgs, z.ZodType>>);

export type NetworkInputs = z.infer<typeof networkSchema>;

export const networkFields: FieldTable<NetworkInputs> = {
  name: { change: "replace" },
  driver: { change: "replace", computed: true },
  internal: { change: "replace", computed: true },
  attachable: { change: "replace" },
  ingress: { change: "replace" },
  ipv6: { change: "replace" },
  labels: { change: "replace", set: true },
  options: { change: "replace", computed: true },
  ipamDriver: { change: "replace", standard: "default" },
  ipamOptions: { change: "replace" },
  ipamConfigs: { change: "replace", computed: true, set: true },
};
