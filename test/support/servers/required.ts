import type { Unavailable } from "../../../tools/services/service.ts";

/** If set (.ci/run), an unavailable server is a failure; otherwise its tests are skipped with the reason. */
const isRequired = process.env.SWARM_TEST_SERVERS === "required";

/** Checks for required servers. @throws Error with all reasons when a required server is unavailable */
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
