import { expect, test } from "vitest";
import { systemClock } from "../../src/platform/clock.ts";
import { storeLocation } from "../../src/store/location.ts";
import { openStore } from "../../src/store/store.ts";
import { isAvailable } from "../../tools/services/service.ts";
import { postgresDatabase } from "../support/servers/databases.ts";
import { call, useAgentServerCommand } from "./support/agent-server-command.ts";

const { folder, start, token } = useAgentServerCommand();

test("with DATABASE_URL tasks and audit are in the store, refusals too", async ({ skip, onTestFinished }) => {
  const postgres = await postgresDatabase();
  if (!isAvailable(postgres)) return skip(postgres.unavailable);
  onTestFinished(postgres.stop);
  const server = await start([], { DATABASE_URL: postgres.url });
  const bearer = await token("boss-0", "boss");
  await call(server.url, bearer, "POST", "/agent/v1/register", { instance: "boss-0", agent: "boss" });
  await call(server.url, "forged.token", "POST", "/agent/v1/register", { instance: "boss-0", agent: "boss" });
  await server.kill("SIGTERM");
  const store = await openStore(storeLocation(postgres.url, folder), systemClock);
  try {
    const { items } = await store.audit.list({ clusterId: "team", limit: 10 });
    expect(items.map(({ actor, action }) => `${actor} ${action}`).sort()).toEqual([
      "instance:boss-0 agent.register",
      "unknown agent.refused",
    ]);
  } finally {
    await store.close();
  }
});
