import type { Unavailable } from "../../../tools/services/service.ts";

/** Where it is set (.ci/run), a server that cannot be had is a failure; elsewhere its tests are skipped, with the reason. */
const isRequired = process.env.SWARM_TEST_SERVERS === "required";

/** @throws Error with every reason, where servers are required and one of these is missing */
export function requireServers(servers: Readonly<Record<string, object>>): void {
  const reasons = Object.entries(servers).flatMap(([name, server]) =>
    isUnavailable(server) ? [`${name}: ${server.unavailable}`] : [],
  );
  if (isRequired && reasons.length > 0)
    throw new Error(`servers are required here (SWARM_TEST_SERVERS): ${reasons.join("; ")}`);
}

export function isUnavailable(server: object): server is Unavailable {
  return "unavailable" in server;
}
