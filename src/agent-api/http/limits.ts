import { createServer as createHttp } from "node:http";
import { createServer as createHttps } from "node:https";
import Fastify, { type FastifyInstance } from "fastify";
import { SwarmError } from "../../errors.ts";
import { isShallow, maxJsonDepth } from "../../platform/json-depth.ts";
import type { TlsPair } from "./tls.ts";

/** Limits of a server. All times in milliseconds. */
export interface ServerLimits {
  /** Time for the request headers, from the start of the connection or its last answer. */
  readonly headersTimeoutMs: number;
  /** Time for the whole request. */
  readonly requestTimeoutMs: number;
  /** Idle time after which a connection is closed; longer than any call waits. */
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
/** How long a connection is kept for the next request: longer than the heartbeat interval. */
const keepAliveMs = 72_000;

/** Creates a server that bounds slow, many and large requests; with a certificate it serves TLS only. */
export function createLimitedServer(limits: ServerLimits = serverLimits, tls?: TlsPair): FastifyInstance {
  const times = {
    requestTimeout: limits.requestTimeoutMs,
    headersTimeout: limits.headersTimeoutMs,
    keepAliveTimeout: keepAliveMs,
    connectionsCheckingInterval: Math.min(checkMs, limits.headersTimeoutMs),
  };
  const app = Fastify({
    forceCloseConnections: true,
    bodyLimit: limits.maxBodyBytes,
    serverFactory(handle) {
      const server = tls === undefined ? createHttp(times, handle) : createHttps({ ...times, ...tls }, handle);
      server.timeout = limits.connectionTimeoutMs;
      server.maxConnections = limits.maxConnections;
      return server;
    },
  });
  // Before a schema reads the body: schemas recurse.
  app.addHook("preValidation", async ({ body }) => {
    if (!Buffer.isBuffer(body)) refuseDeep(body);
  });
  return app;
}

/** The depth at which requests carry documents that are limited to `maxJsonDepth` themselves, e.g. a page of tasks. */
const envelopeDepth = 8;

function refuseDeep(body: unknown): void {
  const limit = maxJsonDepth + envelopeDepth;
  if (isShallow(body, limit)) return;
  throw new SwarmError("SW608", `the request is nested over ${limit} deep; its documents may be ${maxJsonDepth} deep`, {
    values: { maxJsonDepth },
  });
}
