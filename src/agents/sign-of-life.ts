import { createServer } from "node:http";

const path = "/healthz";
const limits = { requestTimeout: 5_000, headersTimeout: 5_000, connectionsCheckingInterval: 1_000 };
const maxConnections = 16;

/**
 * Answers probes at a port, where there is one for it. That says that this process gets to run, and nothing of the API: an agent that cannot
 * reach it is no better after a restart.
 */
export function showLife(port = process.env.SWARM_HEALTH_PORT): void {
  if (port === undefined) return;
  const server = createServer(limits, (request, response) => {
    response.writeHead(request.url === path ? 200 : 404, { connection: "close" }).end();
  });
  server.maxConnections = maxConnections;
  server.listen(Number(port));
}
