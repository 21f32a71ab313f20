import Fastify, { type FastifyInstance } from "fastify";

/** What a server bears. All times in milliseconds. */
export interface ServerLimits {
  /** A request's headers must be there this long after its connection began, or its last answer. */
  readonly headersTimeoutMs: number;
  /** And all of it. */
  readonly requestTimeoutMs: number;
  /** A connection on which nothing moves is closed; longer than any answer keeps its caller waiting. */
  readonly connectionTimeoutMs: number;
  readonly maxConnections: number;
  readonly maxBodyBytes: number;
}

export const serverLimits: ServerLimits = {
  headersTimeoutMs: 10_000,
  requestTimeoutMs: 60_000,
  connectionTimeoutMs: 120_000,
  maxConnections: 4_096,
  maxBodyBytes: 256 * 1024,
};

const checkMs = 1_000;

/** A server that slow, many and large requests do not bring down. */
export function createLimitedServer(limits: ServerLimits = serverLimits): FastifyInstance {
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: limits.maxBodyBytes,
    requestTimeout: limits.requestTimeoutMs,
    connectionTimeout: limits.connectionTimeoutMs,
    http: {
      headersTimeout: limits.headersTimeoutMs,
      connectionsCheckingInterval: Math.min(checkMs, limits.headersTimeoutMs),
    },
  });
  app.server.maxConnections = limits.maxConnections;
  return app;
}
