import type { FastifyInstance, FastifyRequest } from "fastify";
import type { LeasedTask, LeaseProof } from "../../tasks/queue.ts";
import { apiVersionOf, payloadFor } from "../api-version.ts";
import { memberOf } from "../guard.ts";
import { parse } from "../http/parse.ts";
import { directiveReply } from "../instance-registry.ts";
import {
  ackRequest,
  failRequest,
  handBackRequest,
  type LeaseResponse,
  leaseRequest,
  type TaskReply,
} from "../messages.ts";
import type { ApiParts } from "../parts.ts";
import { workerOf } from "../roster.ts";

type TaskParams = { Params: { id: string } };

/** Routes to lease and settle tasks. */
export function tasksRoutes(app: FastifyInstance, { registry, tasks, roster, clock }: ApiParts): void {
  app.post("/tasks/lease", async (request, reply): Promise<LeaseResponse> => {
    const member = memberOf(request);
    const { instance, agent } = member;
    const { epoch, limit, waitMs, held } = parse(leaseRequest, request.body);
    const current = await registry.requireRegistration(instance, epoch);
    const worker = workerOf(member, current);
    const version = apiVersionOf(current.registration);
    const gone = new AbortController();
    reply.raw.once("close", () => gone.abort());
    const until = AbortSignal.any([gone.signal, AbortSignal.timeout(waitMs)]);
    const told = () => roster.find(instance, agent)?.directive;
    if (held !== undefined && told()?.kind === held) await tasks.untilTold(until);
    const mayLease = held === undefined && told() === undefined;
    const leased = mayLease ? await tasks.lease(worker, { limit, until, gone: gone.signal }) : [];
    return {
      tasks: leased.map((task) => taskReply(task, version, clock.now())),
      ...directiveReply(told(), clock.now()),
    };
  });

  app.post<TaskParams>("/tasks/:id/ack", async (request) => {
    const { epoch, attempt, result } = parse(ackRequest, request.body);
    return tasks.ack(await prove(request, epoch, attempt), result);
  });

  app.post<TaskParams>("/tasks/:id/fail", async (request) => {
    const { epoch, attempt, error, retryable } = parse(failRequest, request.body);
    return tasks.fail(await prove(request, epoch, attempt), error, retryable);
  });

  app.post<TaskParams>("/tasks/:id/hand-back", async (request) => {
    const { epoch, attempt } = parse(handBackRequest, request.body);
    return tasks.handBack(await prove(request, epoch, attempt));
  });

  async function prove(request: FastifyRequest<TaskParams>, epoch: number, attempt: number): Promise<LeaseProof> {
    const { instance } = memberOf(request);
    await registry.requireRegistration(instance, epoch);
    return { id: request.params.id, instance, epoch, attempt };
  }
}

function taskReply(task: LeasedTask, version: number, nowMs: number): TaskReply {
  const { id, attempt, idempotencyKey, priority, until } = task;
  const payload = payloadFor(task.payload, version);
  return { id, attempt, idempotencyKey, priority, payload, leaseMs: Math.max(0, until - nowMs) };
}
