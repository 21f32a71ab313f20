import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WriteFence } from "../database/write-fence.ts";

/** Longer than the last state of a cluster takes to be carried elsewhere, shorter than any caller waits. */
const waitMs = 20_000;

interface WriteFenceHookOptions {
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
export function addWriteFenceHook(
  app: FastifyInstance,
  writeFence: WriteFence,
  { passes, onWait }: WriteFenceHookOptions,
): void {
  app.addHook("preHandler", async (request, reply) => {
    if (passes(request.routeOptions.url ?? "", request.method)) return;
    if (writeFence.fencedFor !== undefined) onWait?.(request);
    const gone = new AbortController();
    const isGone = () => gone.abort();
    reply.raw.once("close", isGone);
    const leave = await writeFence.enter(AbortSignal.any([gone.signal, AbortSignal.timeout(waitMs)]));
    reply.raw.off("close", isGone);
    if (reply.raw.closed) leave();
    else reply.raw.once("close", leave);
  });
}
