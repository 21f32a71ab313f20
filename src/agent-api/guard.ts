import type { FastifyInstance, FastifyRequest } from "fastify";
import { SwarmError } from "../errors.ts";
import type { Clock } from "../platform/clock.ts";
import type { AuditSink } from "./audit.ts";
import type { Member, Roster } from "./roster.ts";
import type { Authenticator } from "./tokens.ts";

export interface GuardParts {
  /** Unique id of the cluster. */
  readonly cluster: string;
  readonly authenticate: Authenticator;
  readonly roster: Roster;
  readonly audit: AuditSink;
  readonly clock: Clock;
}

declare module "fastify" {
  interface FastifyRequest {
    /** Who calls the agent API. */
    member: Member | undefined;
  }
}

/** Calls of one instance that may be open at once. */
const maxOpenCalls = 32;

/** Lets only instances of the cluster in, each as itself, and writes down whom it refused. */
export function guard(app: FastifyInstance, { cluster, authenticate, roster, audit, clock }: GuardParts): void {
  const open = new Map<string, number>();

  app.decorateRequest("member");
  app.addHook("onRequest", async (request, reply) => {
    const member = await admit(request);
    const calls = open.get(member.instance) ?? 0;
    if (calls >= maxOpenCalls) {
      throw new SwarmError("SW712", `${member.instance} has ${calls} calls open; ${maxOpenCalls} is the most.`);
    }
    open.set(member.instance, calls + 1);
    reply.raw.once("close", () => leave(member.instance));
    request.member = member;
  });

  async function admit(request: FastifyRequest): Promise<Member> {
    const check = await authenticate(request.headers.authorization);
    if (!check.ok) {
      refused(request, "unknown", check.problem);
      throw new SwarmError("SW707", `The token is ${check.problem}.`, {
        hints: ["Read SWARM_TOKEN_FILE again: it is renewed before it expires."],
        values: { problem: check.problem },
      });
    }
    const { instance, agent } = check.claims;
    const member = check.claims.cluster === cluster ? roster.find(instance, agent) : undefined;
    if (member) return member;
    refused(request, `instance:${instance}`, "not of this cluster");
    throw new SwarmError("SW708", `The token is that of ${instance}, which is no instance of this cluster.`, {
      values: { instance, cluster: check.claims.cluster },
    });
  }

  function refused(request: FastifyRequest, actor: string, problem: string): void {
    const detail = { problem, method: request.method, path: request.url.slice(0, 256), from: request.ip };
    audit.append({ at: clock.now(), actor, action: "agent.refused", detail });
  }

  function leave(instance: string): void {
    const calls = (open.get(instance) ?? 1) - 1;
    if (calls > 0) open.set(instance, calls);
    else open.delete(instance);
  }
}

/** Who makes a call that the guard has let in. */
export function memberOf({ member }: FastifyRequest): Member {
  if (member === undefined) throw new Error("a call without a member");
  return member;
}
