import type { FastifyInstance, FastifyRequest } from "fastify";
import type { Gate } from "../ledger/gate.ts";

/** Longer than the last state of a cluster takes to be carried elsewhere, shorter than any caller waits. */
const waitMs = 20_000;

interface Doorman {
  /** Whether a route is for all times. */
  readonly passes: (route: string, method: string) => boolean;
  /** Somebody stands in front of it. */
  readonly onWait?: (request: FastifyRequest) => void;
}

/**
 * While the gate is shut, calls wait in front of it, and go on when it is opened.
 *
 * @throws SwarmError SW716 (HTTP 503) in a call that has waited for too long
 */
export function passGate(app: FastifyInstance, gate: Gate, { passes, onWait }: Doorman): void {
  app.addHook("preHandler", async (request, reply) => {
    if (passes(request.routeOptions.url ?? "", request.method)) return;
    if (gate.shutFor !== undefined) onWait?.(request);
    const gone = new AbortController();
    const isGone = () => gone.abort();
    reply.raw.once("close", isGone);
    const leave = await gate.enter(AbortSignal.any([gone.signal, AbortSignal.timeout(waitMs)]));
    reply.raw.off("close", isGone);
    if (reply.raw.closed) leave();
    else reply.raw.once("close", leave);
  });
}
