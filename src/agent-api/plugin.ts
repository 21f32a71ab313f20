import type { FastifyInstance, FastifyRequest } from "fastify";
import { SwarmError } from "../errors.ts";
import { guard, memberOf } from "./guard.ts";
import { addWriteFenceHook } from "./http/write-fence-hook.ts";
import type { ApiParts } from "./parts.ts";
import { checkpointsRoutes } from "./routes/checkpoints.ts";
import { memoryRoutes } from "./routes/memory.ts";
import { registrationsRoutes } from "./routes/registrations.ts";
import { tasksRoutes } from "./routes/tasks.ts";

/** Mounts the agent API under /agent/v1, with a guard of its own. */
export function mountAgentApi(app: FastifyInstance, parts: ApiParts): void {
  app.register(
    async (scope) => {
      guard(scope, parts);
      // Who waits there lives, and belongs here; it is no more than that.
      const onWait = (request: FastifyRequest) => {
        const { instance, agent } = memberOf(request);
        parts.roster.registered(instance, agent);
      };
      addWriteFenceHook(scope, parts.writeFence, { passes: isHeardAnyway, onWait });
      registrationsRoutes(scope, parts);
      tasksRoutes(scope, parts);
      checkpointsRoutes(scope, parts);
      memoryRoutes(scope, parts);
      scope.all("/*", (request) => {
        throw new SwarmError("SW705", `There is no ${request.method} ${request.url}.`);
      });
    },
    { prefix: "/agent/v1" },
  );
}

/** It changes nothing that is carried elsewhere. */
function isHeardAnyway(route: string): boolean {
  return route.endsWith("/heartbeat") || route.endsWith("/token");
}
