import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { parse } from "../../http/parse.ts";
import type { ApiParts } from "../../parts.ts";

const query = z.object({
  /** The offset that was read up to. */
  after: z.coerce.number().int().min(0).default(0),
  /** The stream that the offset is of. */
  stream: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(500),
  /** How long to wait for the first event. */
  waitMs: z.coerce.number().int().min(0).max(25_000).default(0),
});

/** What happens in the cluster, page by page, where a page that would be empty waits; and for how long nothing has happened. */
export function eventsRoutes(app: FastifyInstance, { events }: ApiParts): void {
  app.get("/v1/events", async (request, reply) => {
    const { after, stream, limit, waitMs } = parse(query, request.query);
    const present = events.after(after, stream, limit);
    if (present.events.length > 0 || waitMs === 0) return present;
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    await events.changed(AbortSignal.any([gone.signal, AbortSignal.timeout(waitMs)]));
    return events.after(present.next, events.stream, limit);
  });

  app.get("/v1/events/quiet", () => ({ quietMs: events.quietMs }));
}
