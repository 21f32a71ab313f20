import { z } from "zod";
import { storedJson } from "../../tasks/shallow-json.ts";

/** A key of the shared memory, without its value. */
const memoryKeySchema = z.object({
  key: z.string(),
  version: z.int(),
  /** Size of the key and of the value as JSON, in UTF-8. */
  bytes: z.int(),
  /** Milliseconds since the epoch; absent: no expiry. */
  expiresAtMs: z.number().optional(),
  /** Instance that wrote the value; absent for values of older versions. */
  instance: z.string().optional(),
});

export const memoryPageSchema = z.object({ items: z.array(memoryKeySchema), next: z.string().optional() });

export type MemoryPageView = z.infer<typeof memoryPageSchema>;

export const memoryValueSchema = memoryKeySchema.extend({ value: storedJson });

export type MemoryValueView = z.infer<typeof memoryValueSchema>;

export const memoryDeletedSchema = z.object({ key: z.string(), version: z.int() });
