import type { FastifyInstance } from "fastify";
import { SwarmError } from "../../errors.ts";
import { memberOf } from "../guard.ts";
import { parse } from "../http/parse.ts";
import { heartbeatRequest, registerRequest } from "../messages.ts";
import type { ApiParts } from "../parts.ts";

/** Registration, heartbeats, and a fresh token. */
export function registrationsRoutes(app: FastifyInstance, { registry, audit, clock, renew }: ApiParts): void {
  app.post("/register", async (request) => {
    const member = memberOf(request);
    const body = parse(registerRequest, request.body);
    const actor = `instance:${member.instance}`;
    if (body.instance !== member.instance || body.agent !== member.agent) {
      audit.append({
        at: clock.now(),
        actor,
        action: "agent.refused",
        detail: { problem: "another instance", ...body },
      });
      throw new SwarmError(
        "SW708",
        `The token is that of ${member.instance}, not of ${body.instance} (${body.agent}).`,
        {
          values: { token: member.instance, instance: body.instance, agent: body.agent },
        },
      );
    }
    const reply = await registry.register(member, body);
    audit.append({ at: clock.now(), actor, action: "agent.register", detail: { epoch: reply.epoch } });
    return reply;
  });

  app.post("/heartbeat", (request) => registry.heartbeat(memberOf(request), parse(heartbeatRequest, request.body)));

  app.post("/token", (request) => {
    const { instance, agent } = memberOf(request);
    return renew(instance, agent);
  });
}
