import type { FastifyInstance } from "fastify";
import { SwarmError } from "../../errors.ts";
import { memberOf } from "../guard.ts";
import { parse } from "../http/parse.ts";
import { heartbeatRequest, registerRequest } from "../messages.ts";
import type { ApiParts } from "../parts.ts";

/** Routes for registration, heartbeats and token renewal. */
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
        `the token belongs to ${member.instance}, not to ${body.instance} (${body.agent})`,
        {
          values: { token: member.instance, instance: body.instance, agent: body.agent },
        },
      );
    }
    const reply = await registry.register(member, body);
    const ignored = body.capabilities.filter((capability) => !member.capabilities.includes(capability));
    const detail = { epoch: reply.epoch, ...(ignored.length > 0 && { ignored }) };
    audit.append({ at: clock.now(), actor, action: "agent.register", detail });
    return reply;
  });

  app.post("/heartbeat", (request) => registry.heartbeat(memberOf(request), parse(heartbeatRequest, request.body)));

  app.post("/token", (request) => {
    const { instance, agent } = memberOf(request);
    return renew(instance, agent);
  });
}
