import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import { newTaskSchema } from "../../../tasks/new-task.ts";
import type { QueueCounts } from "../../../tasks/queue.ts";
import { taskStates } from "../../../tasks/task.ts";
import { parse } from "../../http/parse.ts";
import { addWriteFenceHook } from "../../http/write-fence-hook.ts";
import type { ApiParts } from "../../parts.ts";

const listQuery = z.object({
  state: z.enum(taskStates).optional(),
  limit: z.coerce.number().int().min(1).max(500).default(50),
  before: z.string().optional(),
});

/** Of a cluster that has no queue yet. */
const noCounts: QueueCounts = { total: { waiting: 0, leased: 0, done: 0, dead: 0, cancelled: 0 }, bySelector: {} };

type IdParams = { Params: { id: string } };

/** The tasks of the cluster, for those who give work. While it is carried elsewhere they can be looked at. */
export function tasksRoutes(app: FastifyInstance, parts: ApiParts): void {
  app.register(async (scope) => {
    addWriteFenceHook(scope, parts.writeFence, { passes: (_route, method) => method === "GET" });
    routes(scope, parts);
  });
}

function routes(app: FastifyInstance, { tasks, events }: ApiParts): void {
  app.post("/v1/tasks", async (request) => {
    const task = parse(newTaskSchema, request.body);
    const reply = await (await tasks.queue()).add(task);
    if (reply.status === "conflict") {
      throw new SwarmError("SW710", `The idempotency key is that of another task, ${reply.id}.`, {
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

  app.get("/v1/tasks/counts", async () => (await tasks.present())?.counts() ?? noCounts);

  app.get<IdParams>(
    "/v1/tasks/:id",
    async ({ params: { id } }) => (await (await tasks.present())?.show(id)) ?? none(id),
  );

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
  throw new SwarmError("SW715", `There is no task ${id}.`, { values: { task: id } });
}
