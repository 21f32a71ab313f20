import type { FastifyInstance } from "fastify";
import { z } from "zod";
import type { ApiParts } from "../../api/parts.ts";
import { parse } from "../../http/parse.ts";
import type { Order, OrderScope } from "../../ledger/orders.ts";

/** Who passes orders on to instances. */
export interface Commander {
  readonly api: Pick<ApiParts, "audit" | "clock">;
  /** @throws SwarmError SW705 when there is no such agent or instance. */
  order(scope: OrderScope, order: Order | undefined): void;
  /** How long those in the scope may take to stop. @throws as `order` */
  stopTimeoutMs(scope: OrderScope): number;
}

/** Without a deadline, the time that the agent has to stop. */
const drainBody = z.strictObject({ deadlineMs: z.int().min(0).max(86_400_000).optional() });

type AgentParams = { Params: { agent: string } };
type InstanceParams = { Params: { id: string } };

/** Drain, hold, and back to work: of all instances of an agent, or of one. */
export function ordersRoutes(app: FastifyInstance, commander: Commander): void {
  app.post<AgentParams>("/v1/pools/:agent/drain", ({ params, body }) => drain(params, body));
  app.post<AgentParams>("/v1/pools/:agent/hold", ({ params }) => give(params, { kind: "hold" }));
  app.post<AgentParams>("/v1/pools/:agent/resume", ({ params }) => give(params, undefined));
  app.post<InstanceParams>("/v1/instances/:id/drain", ({ params, body }) => drain({ instance: params.id }, body));
  app.post<InstanceParams>("/v1/instances/:id/hold", ({ params }) => give({ instance: params.id }, { kind: "hold" }));
  app.post<InstanceParams>("/v1/instances/:id/resume", ({ params }) => give({ instance: params.id }, undefined));

  function drain(scope: OrderScope, body: unknown) {
    const { deadlineMs = commander.stopTimeoutMs(scope) } = parse(drainBody, body ?? {});
    return give(scope, { kind: "drain", deadlineAtMs: commander.api.clock.now() + deadlineMs });
  }

  function give(scope: OrderScope, order: Order | undefined) {
    commander.order(scope, order);
    const { audit, clock } = commander.api;
    audit.append({
      at: clock.now(),
      actor: "operator",
      action: `order.${order?.kind ?? "resume"}`,
      detail: { ...scope },
    });
    return { ...scope, order: order ?? null };
  }
}
