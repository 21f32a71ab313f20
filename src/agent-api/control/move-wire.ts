import { z } from "zod";
import { shallowJson } from "../../tasks/shallow-json.ts";
import { hashSchema } from "../checkpoints/manifest.ts";
import type { MemoryContent } from "../memory/memory.ts";

/** Format of the migrated state; source and destination must have the same. */
export const moveFormat = 1;

/** The state that a server can export, and its write fence. */
export const movableSchema = z.object({
  cluster: z.string(),
  /** Version of the server. */
  version: z.string(),
  format: z.number(),
  /** Clock of the server: milliseconds since the epoch. */
  now: z.number(),
  /** Id of the operation that has raised the write fence. */
  shutFor: z.string().nullable(),
  /** The latest checkpoint of each instance that has one: the root hash, and bytes of its chunks. */
  states: z.record(z.string(), z.object({ root: z.string(), bytes: z.number() })),
  tasks: z.number(),
  /** Number of keys of the shared memory. */
  memory: z.number(),
});

export type Movable = z.infer<typeof movableSchema>;

export const fenceRequestSchema = z.strictObject({
  state: z.enum(["shut", "open"]),
  operation: z.string().min(1).max(128),
});

/** By instance: the expected root hash of its state. */
export const rootsSchema = z.strictObject({ roots: z.record(z.string(), hashSchema) });

/** The agent server's database without tasks and checkpoints. */
export interface ExportedDatabase {
  readonly format: number;
  /** By instance: its next registration epoch. */
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
        value: shallowJson,
        version: z.int().positive(),
        expiresAtMs: z.number().exactOptional(),
        writer: z.strictObject({ instance: z.string(), agent: z.string() }).exactOptional(),
      }),
    ),
    lastVersion: z.int().min(0),
  }),
});
