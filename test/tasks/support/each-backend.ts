import { afterAll, describe } from "vitest";
import { postgresDatabase, redisDatabase } from "../../support/servers/databases.ts";
import { type Backend, inServers, isBackend, type Skipped, sqlite } from "./backends.ts";

/** Backends by tier: a file has no requirements; Redis and PostgreSQL use databases of the run's servers. */
export const backendsOf = {
  file: async () => [await sqlite()],
  servers: () => inServers({ postgres: postgresDatabase(), redis: redisDatabase() }),
} as const;

/** A `describe` for each backend, which is stopped at the end; an unavailable one is skipped, with the reason. */
export function describeEach(backends: readonly (Backend | Skipped)[], suite: (backend: Backend) => void): void {
  afterAll(async () => {
    for (const backend of backends) if (isBackend(backend)) await backend.stop();
  });
  for (const backend of backends) {
    if (isBackend(backend)) describe(`tasks in ${backend.name}`, () => suite(backend));
    else describe.skip(`tasks in ${backend.name}: ${backend.unavailable}`, () => {});
  }
}
