import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { SwarmError } from "../../../errors.ts";
import { parse } from "../../http/parse.ts";
import { addWriteFenceHook } from "../../http/write-fence-hook.ts";
import { memoryKey } from "../../messages.ts";
import type { ApiParts } from "../../parts.ts";

const listQuery = z.object({
  prefix: z.string().max(256).default(""),
  after: z.string().optional(),
  limit: z.coerce.number().int().min(1).max(1_000).default(200),
});

const deleteQuery = z.object({
  /** Deletes only this version. */
  version: z.coerce.number().int().positive().optional(),
});

type MemoryParts = Pick<ApiParts, "memory" | "writeFence" | "audit" | "events" | "clock">;

type KeyParams = { Params: { key: string } };

/** An operator's view of the shared memory. During a migration it is read-only. */
export function memoryRoutes(app: FastifyInstance, parts: MemoryParts): void {
  app.register(async (scope) => {
    addWriteFenceHook(scope, parts.writeFence, { passes: (_route, method) => method === "GET" });
    routes(scope, parts);
  });
}

function routes(app: FastifyInstance, { memory, audit, events, clock }: MemoryParts): void {
  app.get("/v1/memory", (request) => {
    const { prefix, after, limit } = parse(listQuery, request.query);
    return memory.list({ prefix, after, limit });
  });

  app.get<KeyParams>("/v1/memory/:key", async ({ params }) => {
    const key = parse(memoryKey, params.key);
    return (await memory.show(key)) ?? none(key);
  });

  app.delete<KeyParams>("/v1/memory/:key", async ({ params, query }) => {
    const key = parse(memoryKey, params.key);
    const version = await memory.delete(key, parse(deleteQuery, query).version);
    if (version === 0) none(key);
    audit.append({ at: clock.now(), actor: "operator", action: "memory.delete", detail: { key, version } });
    events.add("memory.deleted", { key, version });
    return { key, version };
  });
}

function none(key: string): never {
  throw new SwarmError("SW705", `the shared memory has no key ${key}`, { values: { key } });
}
