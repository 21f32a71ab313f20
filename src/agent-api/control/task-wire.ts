import { z } from "zod";
import { storedJson } from "../../tasks/shallow-json.ts";
import { deathReasons, priorities, taskStates } from "../../tasks/task.ts";

const counts = z.record(z.enum(taskStates), z.number());

/** A task in the supervisor's API (see src/tasks/task.ts); unknown values are omitted. */
export const taskSchema = z.object({
  id: z.string(),
  selector: z.union([
    z.object({ agent: z.string() }),
    z.object({ role: z.string() }),
    z.object({ capability: z.string() }),
  ]),
  payload: storedJson,
  priority: z.enum(priorities),
  idempotencyKey: z.string(),
  state: z.enum(taskStates),
  attempt: z.number(),
  handedBack: z.number(),
  maxAttempts: z.number(),
  leaseMs: z.number(),
  deadlineAt: z.number().optional(),
  availableAt: z.number(),
  holder: z.object({ instance: z.string(), epoch: z.number(), until: z.number() }).optional(),
  createdAt: z.number(),
  finishedAt: z.number().optional(),
  error: z.string().optional(),
  death: z.enum(deathReasons).optional(),
  result: z
    .object({
      value: storedJson,
      attempt: z.number(),
      instance: z.string(),
      epoch: z.number(),
      acceptedAt: z.number(),
    })
    .optional(),
});

export type TaskView = z.infer<typeof taskSchema>;

export const taskPageSchema = z.object({ items: z.array(taskSchema), next: z.string().optional() });

export type TaskPage = z.infer<typeof taskPageSchema>;

export const addedSchema = z.object({ status: z.enum(["added", "present"]), id: z.string() });

export const changedSchema = z.object({ id: z.string(), state: z.enum(taskStates) });

export const countsSchema = z.object({
  total: counts,
  bySelector: z.record(z.string(), counts),
  /** Selectors of waiting tasks that no agent takes; a server of version 0.1.0 names none. */
  unmatched: z.array(z.string()).default([]),
  /** Why entries of other producers could not be counted, by selector. */
  unreadable: z.record(z.string(), z.string()).default({}),
});

export type TaskCountsView = z.infer<typeof countsSchema>;

export const purgedSchema = z.object({ purged: z.number(), leased: z.number() });
