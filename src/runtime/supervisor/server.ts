import { createHash, timingSafeEqual } from "node:crypto";
import Fastify, { type FastifyInstance } from "fastify";
import { z } from "zod";
import { catalogue, SwarmError, toSwarmError } from "../../errors.ts";
import { poolSpecSchema } from "../pool.ts";
import type { Supervisor } from "./supervisor.ts";

const deleteQuery = z.strictObject({ uid: z.string().optional(), urn: z.string().optional() });
const shutdownBody = z.strictObject({ removeSite: z.boolean().default(false) });

export interface ServerOptions {
  readonly supervisor: Supervisor;
  readonly token: string;
  /** Somebody asks the supervisor to end; the answer is sent before it does. */
  readonly onShutdown: (removeSite: boolean) => void;
}

/** The control API of a supervisor: JSON over HTTP, every call with the site's bearer token. */
export function createServer({ supervisor, token, onShutdown }: ServerOptions): FastifyInstance {
  const app = Fastify({ forceCloseConnections: true });

  app.addHook("onRequest", async (request, reply) => {
    if (carriesToken(request.headers.authorization, token)) return;
    await reply
      .code(401)
      .send(new SwarmError("SW703", "This supervisor answers only to the token of its site.").toJSON());
  });
  app.setErrorHandler((thrown, _request, reply) => {
    const error = toSwarmError(thrown);
    if (error.code === "SW900") console.error(thrown);
    return reply.code(catalogue[error.code].http).send(error.toJSON());
  });
  app.setNotFoundHandler((request) => {
    throw new SwarmError("SW705", `There is no ${request.method} ${request.url}.`);
  });

  app.get("/v1/status", () => supervisor.status);
  app.put<{ Params: { agent: string } }>("/v1/pools/:agent", (request) => {
    const spec = parse(poolSpecSchema, request.body);
    if (spec.agent !== request.params.agent)
      throw new SwarmError("SW608", `The spec of ${request.params.agent} names ${spec.agent}.`);
    return supervisor.put(spec);
  });
  app.delete<{ Params: { agent: string } }>("/v1/pools/:agent", (request) => {
    const { uid, urn } = parse(deleteQuery, request.query);
    supervisor.delete(request.params.agent, uid !== undefined && urn !== undefined ? { uid, urn } : undefined);
    return {};
  });
  app.post("/v1/shutdown", (request, reply) => {
    const { removeSite } = parse(shutdownBody, request.body ?? {});
    reply.raw.once("close", () => onShutdown(removeSite));
    return {};
  });
  return app;
}

/** @throws SwarmError SW608 with all problems. */
function parse<T>(schema: z.ZodType<T>, value: unknown): T {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SwarmError("SW608", `The request is not valid: ${z.prettifyError(parsed.error)}`, {
    values: { issues: parsed.error.issues },
  });
}

function carriesToken(header: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
