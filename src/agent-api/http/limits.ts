import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import Fastify, { type FastifyInstance } from "fastify";
import type { TlsPair } from "./tls.ts";

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
/** How long a connection is kept for a next request: longer than agents are silent. */
const keepAliveMs = 72_000;

/** A server that slow, many and large requests do not bring down; with a certificate it speaks TLS only. */
export function createLimitedServer(limits: ServerLimits = serverLimits, tls?: TlsPair): FastifyInstance {
  const times = {
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(checkMs, limits.headersTimeoutMs),
  };
  return Fastify({
    forceCloseConnections: true,
    bodyLimit: limits.maxBodyBytes,
    serverFactory(handle) {
      const server = tls === undefined ? createHttp(times, handle) : createHttps({ ...times, ...tls }, handle);
      server.timeout = limits.connectionTimeoutMs;
      server.maxConnections = limits.maxConnections;
      return server;
    },
  });
}
