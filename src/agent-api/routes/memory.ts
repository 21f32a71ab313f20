import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { memberOf } from "../guard.ts";
import { parse } from "../http/parse.ts";
import { memoryDeleteQuery, memoryKey, memoryRequest } from "../messages.ts";
import type { ApiParts } from "../parts.ts";

type KeyParams = { Params: { key: string } };

const query = z.object({ epoch: z.coerce.number().int().positive() });

/** The shared memory of the cluster: read by all of its instances, changed by compare-and-swap. */
export function memoryRoutes(app: FastifyInstance, { registry, memory, events, clock }: ApiParts): void {
  app.get<KeyParams>("/memory/:key", async (request) => {
    await registry.requireRegistration(memberOf(request).instance, parse(query, request.query).epoch);
    const entry = await memory.get(parse(memoryKey, request.params.key));
    return entry ?? { value: null, version: 0 };
  });

  app.put<KeyParams>("/memory/:key", async (request) => {
    const { instance, agent } = memberOf(request);
    const key = parse(memoryKey, request.params.key);
    const { epoch, value, version, expiresInMs } = parse(memoryRequest, request.body);
    await registry.requireRegistration(instance, epoch);
    const expiry = expiresInMs === undefined ? {} : { expiresAtMs: clock.now() + expiresInMs };
    const next = await memory.put(key, { value, expected: version, writer: { instance, agent }, ...expiry });
    events.add("memory.changed", { key, version: next, instance });
    return { version: next };
  });

  app.delete<KeyParams>("/memory/:key", async (request) => {
    const { instance } = memberOf(request);
    const key = parse(memoryKey, request.params.key);
    const { epoch, version } = parse(memoryDeleteQuery, request.query);
    await registry.requireRegistration(instance, epoch);
    const deleted = await memory.delete(key, version);
    if (deleted > 0) events.add("memory.deleted", { key, version: deleted, instance });
    return { version: 0 };
  });
}
