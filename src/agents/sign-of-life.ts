import { createServer } from "node:http";

const path = "/healthz";
const limits = { requestTimeout: 5_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };
const maxConnections = 16;

/**
 * Answers liveness probes at a port, if one is configured. It reports that this process runs, not whether the API is
 * reachable: a restart would not help an agent that cannot reach it.
 */
export function showLife(port = process.env.SWARM_HEALTH_PORT): void {
  if (port === undefined) return;
  const server = createServer(limits, (request, response) => {
    response.writeHead(request.url === path ? 200 : 404, { connection: "close" }).end();
  });
  server.maxConnections = maxConnections;
  server.listen(Number(port));
}
