import { z } from "zod";
import { capabilities } from "../names.ts";
import type { Json } from "../store/json.ts";
import { shallowJson } from "./shallow-json.ts";
import { type Priority, priorities, type Selector } from "./task.ts";

/** Maximum size of a payload or a result as UTF-8 JSON; larger data belongs in a file that they reference. */
export const maxDocumentBytes = 64 * 1024;

const second = 1_000;
const day = 24 * 3_600 * second;

export interface NewTask {
  readonly selector: Selector;
  readonly payload: Json;
  readonly priority: Priority;
  readonly maxAttempts: number;
  /** Duration of a lease without a heartbeat. */
  readonly leaseMs: number;
  /** Milliseconds since the epoch; the task is not started after it. */
  readonly deadlineAt?: number;
  /** Adding a task under an existing key returns the existing task. */
  readonly idempotencyKey?: string;
}

const word = z
  .string()
  .min(1)
  .max(128)
  .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, "letters, digits, '.', '_' and '-' only");

/** As in a blueprint: what an agent may have, a task can name. */
const capabilitySchema = z
  .string()
  .normalize("NFC")
  .max(capabilities.maxLength)
  .regex(capabilities.pattern, "one line without a space at its ends");

const selectorSchema: z.ZodType<Selector> = z.union([
  z.strictObject({ agent: word }),
  z.strictObject({ role: word }),
  z.strictObject({ capability: capabilitySchema }),
]);

/** A JSON document of at most 64 KiB, nested at most 64 deep. */
export const documentSchema: z.ZodType<Json> = shallowJson.refine(isSmall, {
  error: (issue) => `${bytes(issue.input)} bytes exceed the limit of ${maxDocumentBytes}`,
});

/** A request for a task, with the defaults: normal priority, 3 attempts, leases of 5 minutes. */
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

/** A request of a producer: unless it says otherwise, an agent of the cluster has to be able to lease the task. */
export const taskRequestSchema = newTaskSchema.extend({ allowUnknown: z.boolean().default(false) });

function isSmall(value: unknown): boolean {
  return bytes(value) <= maxDocumentBytes;
}

function bytes(value: unknown): number {
  return Buffer.byteLength(JSON.stringify(value) ?? "");
}
