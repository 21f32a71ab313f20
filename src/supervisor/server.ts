import { createHash, timingSafeEqual } from "node:crypto";
import type { FastifyInstance } from "fastify";
import { z } from "zod";
import { checkpointsRoutes } from "../agent-api/control/routes/checkpoints.ts";
import { directivesRoutes } from "../agent-api/control/routes/directives.ts";
import { eventsRoutes } from "../agent-api/control/routes/events.ts";
import { memoryRoutes } from "../agent-api/control/routes/memory.ts";
import { moveRoutes } from "../agent-api/control/routes/move.ts";
import { tasksRoutes } from "../agent-api/control/routes/tasks.ts";
import { answerFaults } from "../agent-api/http/faults.ts";
import { createLimitedServer } from "../agent-api/http/limits.ts";
import { parse } from "../agent-api/http/parse.ts";
import { mountAgentApi } from "../agent-api/plugin.ts";
import { SwarmError } from "../errors.ts";
import { poolSpecSchema } from "./pool-spec.ts";
import { execRoutes } from "./routes/exec.ts";
import { type SiteSettings, settingsSchema } from "./settings.ts";
import type { PoolSupervisor } from "./supervisor.ts";

const deleteQuery = z.strictObject({ uid: z.string().optional(), urn: z.string().optional() });
const countBody = z.strictObject({
  uid: z.string(),
  generation: z.int().min(0),
  seq: z.int().min(1),
  count: z.int().min(0).max(10_000),
});
const shutdownBody = z.strictObject({ removeSite: z.boolean().default(false) });

export interface ServerOptions {
  readonly supervisor: PoolSupervisor;
  readonly token: string;
  /** The settings of the supervisor have changed. */
  readonly onSettings: (settings: SiteSettings) => Promise<void>;
  /** A client requests a shutdown; the answer is sent first. */
  readonly onShutdown: (removeSite: boolean) => void;
}

/**
 * The server of a supervisor: its control API under /v1 requires the site's bearer token, its agent API under
 * /agent/v1 the token of an instance.
 */
export function createServer(options: ServerOptions): FastifyInstance {
  const { supervisor, token } = options;
  const app = createLimitedServer();
  answerFaults(app);
  mountAgentApi(app, supervisor.api);
  app.register(async (scope) => {
    scope.addHook("onRequest", async (request) => {
      if (isToken(request.headers.authorization, token)) return;
      const detail = { method: request.method, path: request.url.slice(0, 256), from: request.ip ?? "socket" };
      const { audit, clock } = supervisor.api;
      audit.append({ at: clock.now(), actor: "unknown", action: "operator.refused", detail });
      throw new SwarmError("SW707", "the supervisor requires the token of its site");
    });
    controlRoutes(scope, options);
    directivesRoutes(scope, supervisor);
    tasksRoutes(scope, supervisor.api);
    eventsRoutes(scope, supervisor.api);
    checkpointsRoutes(scope, supervisor.api);
    moveRoutes(scope, supervisor.status, supervisor.backend, supervisor.api);
    memoryRoutes(scope, supervisor.api);
    execRoutes(scope, supervisor);
    scope.all("/*", (request) => {
      throw new SwarmError("SW705", `${request.method} ${request.url} does not exist`);
    });
  });
  return app;
}

function controlRoutes(app: FastifyInstance, { supervisor, onSettings, onShutdown }: ServerOptions): void {
  app.get("/v1/status", () => supervisor.status);
  app.put("/v1/settings", async (request) => {
    await onSettings(parse(settingsSchema, request.body));
    return {};
  });
  app.put<{ Params: { agent: string } }>("/v1/pools/:agent", { bodyLimit: maxSpecBytes }, (request) => {
    const spec = parse(poolSpecSchema, request.body);
    if (spec.agent !== request.params.agent)
      throw new SwarmError("SW608", `the spec for agent ${request.params.agent} names agent ${spec.agent}`);
    return supervisor.put(spec);
  });
  app.put<{ Params: { agent: string } }>("/v1/pools/:agent/count", (request) => {
    const { uid, ...fast } = parse(countBody, request.body);
    return supervisor.scale(request.params.agent, uid, fast);
  });
  app.delete<{ Params: { agent: string } }>("/v1/pools/:agent", (request) => {
    const { uid, urn } = parse(deleteQuery, request.query);
    supervisor.delete(request.params.agent, uid !== undefined && urn !== undefined ? { uid, urn } : undefined);
    return {};
  });
  app.post<{ Params: { id: string } }>("/v1/instances/:id/restart", ({ params: { id } }) => {
    supervisor.restart(id);
    return { instance: id };
  });
  app.post("/v1/shutdown", (request, reply) => {
    const { removeSite } = parse(shutdownBody, request.body ?? {});
    reply.raw.once("close", () => onShutdown(removeSite));
    return {};
  });
}

const maxSpecBytes = 4 * 1024 * 1024;

/** Whether a header has the site's bearer token. */
function isToken(header: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(header ?? ""), digest(`Bearer ${token}`));
}

function digest(text: string): Buffer {
  return createHash("sha256").update(text).digest();
}
