import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { Directive, DirectiveScope } from "../../database/directives.ts";
import { parse } from "../../http/parse.ts";
import type { ApiParts } from "../../parts.ts";

/** Who passes orders on to instances. */
export interface DirectiveSender {
  readonly api: Pick<ApiParts, "audit" | "clock">;
  /** @throws SwarmError SW705 when there is no such agent or instance. */
  send(scope: DirectiveScope, directive: Directive | undefined): void;
  /** How long those in the scope may take to stop. @throws as `order` */
  terminationGracePeriodMs(scope: DirectiveScope): number;
}

/** Without a deadline, the time that the agent has to stop. */
const drainBody = z.strictObject({ deadlineMs: z.int().min(0).max(86_400_000).optional() });

type AgentParams = { Params: { agent: string } };
type InstanceParams = { Params: { id: string } };

/** Drain, hold, and back to work: of all instances of an agent, or of one. */
export function directivesRoutes(app: FastifyInstance, sender: DirectiveSender): void {
  app.post<AgentParams>("/v1/pools/:agent/drain", ({ params, body }) => drain(params, body));
  app.post<AgentParams>("/v1/pools/:agent/hold", ({ params }) => give(params, { kind: "hold" }));
  app.post<AgentParams>("/v1/pools/:agent/resume", ({ params }) => give(params, undefined));
  app.post<InstanceParams>("/v1/instances/:id/drain", ({ params, body }) => drain({ instance: params.id }, body));
  app.post<InstanceParams>("/v1/instances/:id/hold", ({ params }) => give({ instance: params.id }, { kind: "hold" }));
  app.post<InstanceParams>("/v1/instances/:id/resume", ({ params }) => give({ instance: params.id }, undefined));

  function drain(scope: DirectiveScope, body: unknown) {
    const { deadlineMs = sender.terminationGracePeriodMs(scope) } = parse(drainBody, body ?? {});
    return give(scope, { kind: "drain", deadlineAtMs: sender.api.clock.now() + deadlineMs });
  }

  function give(scope: DirectiveScope, directive: Directive | undefined) {
    sender.send(scope, directive);
    const { audit, clock } = sender.api;
    audit.append({
      at: clock.now(),
      actor: "operator",
      action: `order.${directive?.kind ?? "resume"}`,
      detail: { ...scope },
    });
    return { ...scope, order: directive ?? null };
  }
}
