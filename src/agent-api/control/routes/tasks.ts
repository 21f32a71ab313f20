import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import { toJson } from "../../../store/json.ts";
import { taskRequestSchema } from "../../../tasks/new-task.ts";
import { purge, purgeFilterSchema } from "../../../tasks/purge.ts";
import type { QueueCounts } from "../../../tasks/queue.ts";
import { taskStates } from "../../../tasks/task.ts";
import { parse } from "../../http/parse.ts";
import { addWriteFenceHook } from "../../http/write-fence-hook.ts";
import type { ApiParts } from "../../parts.ts";
import { refuseUnknown, selectorsOfAll, unmatchedSelectors } from "../../task-takers.ts";

const listQuery = z.object({
  state: z.enum(taskStates).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().optional(),
});

/** A dry run only counts the tasks. */
const purgeRequest = purgeFilterSchema.extend({ dryRun: z.boolean().default(false) });

/** Counts of a cluster without a queue. */
const noCounts: QueueCounts = { total: { waiting: 0, leased: 0, done: 0, dead: 0, cancelled: 0 }, bySelector: {} };

type IdParams = { Params: { id: string } };

/** Routes for producers of tasks. During a migration tasks are read-only. */
export function tasksRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.register(async (scope) => {
    addWriteFenceHook(scope, parts.writeFence, { passes: (_route, method) => method === "GET" });
    routes(scope, parts);
  });
}

function routes(app: FastifyInstance, { tasks, events, roster, audit, clock }: ApiParts): void {
  app.post("/v1/tasks", async (request) => {
    const { allowUnknown, ...task } = parse(taskRequestSchema, request.body);
    if (!allowUnknown) refuseUnknown(task.selector, roster.takers());
    const reply = await (await tasks.queue()).add(task);
    if (reply.status === "conflict") {
      throw new SwarmError("SW710", `the idempotency key belongs to another task, ${reply.id}`, {
        values: { ...reply },
      });
    }
    if (reply.status === "added") events.add("task.added", { task: reply.id, selector: task.selector });
    tasks.ring();
    return reply;
  });

  app.get("/v1/tasks", async (request) => {
    const { state, limit, before } = parse(listQuery, request.query);
    const queue = await tasks.present();
    return queue?.list({ limit, ...(state && { state }), ...(before !== undefined && { before }) }) ?? { items: [] };
  });

  app.get("/v1/tasks/counts", async () => {
    const takers = roster.takers();
    const counts = (await (await tasks.present())?.counts([...selectorsOfAll(takers)])) ?? noCounts;
    return { ...counts, unmatched: unmatchedSelectors(counts, takers) };
  });

  app.get<IdParams>(
    "/v1/tasks/:id",
    async ({ params: { id } }) => (await (await tasks.present())?.show(id)) ?? none(id),
  );

  app.post("/v1/tasks/purge", async (request) => {
    const { dryRun, ...filter } = parse(purgeRequest, request.body);
    const queue = await tasks.present();
    const result = queue === undefined ? { purged: 0, leased: 0 } : await purge(queue, filter, dryRun);
    if (!dryRun) {
      audit.append({
        at: clock.now(),
        actor: "operator",
        action: "tasks.purge",
        detail: { filter: toJson(filter), ...result },
      });
      events.add("tasks.purged", { ...result });
    }
    return result;
  });

  app.post<IdParams>("/v1/tasks/:id/cancel", async ({ params: { id } }) => {
    const state = (await (await tasks.present())?.cancel(id)) ?? none(id);
    events.add("task.cancelled", { task: id, state });
    return { id, state };
  });

  app.post<IdParams>("/v1/tasks/:id/requeue", async ({ params: { id } }) => {
    const state = (await (await tasks.present())?.requeue(id)) ?? none(id);
    tasks.ring();
    return { id, state };
  });
}

function none(id: string): never {
  throw new SwarmError("SW715", `task ${id} does not exist`, { values: { task: id } });
}
