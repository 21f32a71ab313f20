import type { FastifyInstance, FastifyRequest } from "fastify";
import type { WriteFence } from "../database/write-fence.ts";

/** Longer than the final export of a migration takes, shorter than a caller's timeout. */
const waitMs = 20_000;

interface WriteFenceHookOptions {
  /** Whether a route bypasses the fence. */
  readonly passes: (route: string, method: string) => boolean;
  /** A call starts to wait at the fence. */
  readonly onWait?: (request: FastifyRequest) => void;
}

/**
 * Makes calls wait while the write fence is raised.
 * @throws SwarmError SW716 (HTTP 503) in a call whose wait times out.
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
