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
    /** The authenticated instance. */
    member: Member | undefined;
  }
}

/** Maximum number of concurrent calls of one instance. */
const maxOpenCalls = 32;

/** Admits only instances of the cluster, each as itself, and audits refusals. */
export function guard(app: FastifyInstance, { cluster, authenticate, roster, audit, clock }: GuardParts): void {
  const open = new Map<string, number>();

  app.decorateRequest("member");
  app.addHook("onRequest", async (request, reply) => {
    const member = await admit(request);
    const calls = open.get(member.instance) ?? 0;
    if (calls >= maxOpenCalls) {
      throw new SwarmError("SW712", `${member.instance} has ${calls} open calls; the limit is ${maxOpenCalls}`);
    }
    open.set(member.instance, calls + 1);
    reply.raw.once("close", () => leave(member.instance));
    request.member = member;
  });

  async function admit(request: FastifyRequest): Promise<Member> {
    const check = await authenticate(request.headers.authorization);
    if (!check.ok) {
      refused(request, "unknown", check.problem);
      throw new SwarmError("SW707", `the token is ${check.problem}`, {
        hints: ["Read SWARM_TOKEN_FILE again: it is renewed before it expires"],
        values: { problem: check.problem },
      });
    }
    const { instance, agent } = check.claims;
    const member = check.claims.cluster === cluster ? roster.find(instance, agent) : undefined;
    if (member) return member;
    refused(request, `instance:${instance}`, "not of this cluster");
    throw new SwarmError("SW708", `the token belongs to ${instance}, which is not an instance of this cluster`, {
      values: { instance, cluster: check.claims.cluster },
    });
  }

  function refused(request: FastifyRequest, actor: string, problem: string): void {
    const detail = { problem, method: request.method, path: request.url.slice(0, 256), from: request.ip ?? "socket" };
    audit.append({ at: clock.now(), actor, action: "agent.refused", detail });
  }

  function leave(instance: string): void {
    const calls = (open.get(instance) ?? 1) - 1;
    if (calls > 0) open.set(instance, calls);
    else open.delete(instance);
  }
}

/** The instance whose call the guard has admitted. */
export function memberOf({ member }: FastifyRequest): Member {
  if (member === undefined) throw new Error("the call has no authenticated instance");
  return member;
}
