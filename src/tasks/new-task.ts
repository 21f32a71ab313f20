import { z } from "zod";
import type { Json } from "../store/json.ts";
import { type Priority, priorities, type Selector } from "./task.ts";

/** The most that a payload or a result may have, as UTF-8 JSON; what is larger belongs in a file that they name. */
export const maxDocumentBytes = 64 * 1024;

const second = 1_000;
const day = 24 * 3_600 * second;

export interface NewTask {
  readonly selector: Selector;
  readonly payload: Json;
  readonly priority: Priority;
  readonly maxAttempts: number;
  /** How long an instance may work on it without a sign of life. */
  readonly leaseMs: number;
  /** Milliseconds since the epoch; not begun any more after it. */
  readonly deadlineAt?: number;
  /** A second task under a key that is there is the first one. */
  readonly idempotencyKey?: string;
}

const word = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, '.', '_' and '-' only");

const selectorSchema: z.ZodType<Selector> = z.union([
  z.strictObject({ agent: word }),
  z.strictObject({ role: word }),
  z.strictObject({ capability: word }),
]);

/** A JSON document of at most 64 KiB. */
export const documentSchema: z.ZodType<Json> = z.json().refine(isSmall, {
  error: (issue) => `${bytes(issue.input)} bytes are over ${maxDocumentBytes}`,
});

/** What a caller may ask for, with the defaults: normal priority, 3 attempts, leases of 5 minutes. */
export const newTaskSchema = z.strictObject({
  selector: selectorSchema,
  payload: documentSchema,
  priority: z.enum(priorities).default("normal"),
  maxAttempts: z.int().min(1).max(100).default(3),
  leaseMs: z
    .int()
    .min(second)
    .max(7 * day)
    .default(300 * second),
  deadlineAt: z.int().positive().exactOptional(),
  idempotencyKey: z.string().min(1).max(256).exactOptional(),
}) satisfies z.ZodType<NewTask>;

function isSmall(value: unknown): boolean {
  return bytes(value) <= maxDocumentBytes;
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
