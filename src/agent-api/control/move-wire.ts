import { z } from "zod";
import { hashSchema } from "../checkpoints/manifest.ts";
import type { MemoryContent } from "../memory/memory.ts";

/** Of what is carried from one server to another; both must have the same. */
export const moveFormat = 1;

/** What there is to be carried, and by whom. */
export const movableSchema = z.object({
  cluster: z.string(),
  /** Of the server. */
  version: z.string(),
  format: z.number(),
  /** By its clock: milliseconds since the epoch. */
  now: z.number(),
  /** Id of the operation for which nothing may change here now. */
  shutFor: z.string().nullable(),
  /** The latest checkpoint of each instance that has one: the root hash, and bytes of its chunks. */
  states: z.record(z.string(), z.object({ root: z.string(), bytes: z.number() })),
  tasks: z.number(),
  /** Keys of the shared memory. */
  memory: z.number(),
});

export type Movable = z.infer<typeof movableSchema>;

export const fenceRequestSchema = z.strictObject({
  state: z.enum(["shut", "open"]),
  operation: z.string().min(1).max(128),
});

/** By instance: the root hash that its state must have. */
export const rootsSchema = z.strictObject({ roots: z.record(z.string(), hashSchema) });

/** Everything but tasks and checkpoints. */
export interface ExportedDatabase {
  readonly format: number;
  /** By instance: the epoch of its next life. */
  readonly lives: Readonly<Record<string, number>>;
  readonly memory: MemoryContent;
}

export const exportedDatabaseSchema: z.ZodType<ExportedDatabase> = z.strictObject({
  format: z.number(),
  lives: z.record(z.string(), z.int().positive()),
  memory: z.strictObject({
    entries: z.array(
      z.strictObject({
        key: z.string(),
        value: z.json(),
        version: z.int().positive(),
        expiresAtMs: z.number().exactOptional(),
      }),
    ),
    lastVersion: z.int().min(0),
  }),
});
