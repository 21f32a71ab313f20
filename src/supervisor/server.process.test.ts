import { chmodSync, existsSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer as createHttpServer, type Server } from "node:http";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { dirname, join } from "node:path";
import { expect, test } from "vitest";
import { call } from "../drivers/control/http.ts";
import { ensureSupervisor, putPool, readSupervisor, supervisorStatus, waitForPool } from "../drivers/process/client.ts";
import { eventually, poolOf, poolStatus, scratchSite } from "../drivers/process/scratch.fixture.ts";

import { readAnnouncement } from "./announcement.ts";
import { sitePaths } from "./site.ts";

async function freePort(): Promise<{ port: number; close: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, close: () => void server.close() };
}

test("every call requires the site's token, which only its user can read", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const sighting = readSupervisor(site.dir);
  if (sighting.state !== "alive") throw new Error("gone");
  const status = { method: "GET", path: "/v1/status", timeoutMs: 5_000 } as const;
  for (const token of ["", "guess"]) {
    await expect(call({ name: "The supervisor", port: sighting.port, token }, status)).rejects.toMatchObject({
      code: "SW707",
    });
    await expect(
      call({ name: "The supervisor", port: sighting.port, token }, { ...status, path: "/nothing" }),
    ).rejects.toMatchObject({
      code: "SW707",
    });
  }
  const refused = readFileSync(join(site.dir, "refused.log"), "utf8").trimEnd().split("\n");
  expect(refused.map((line) => JSON.parse(line))).toMatchObject(
    ["/v1/status", "/nothing", "/v1/status", "/nothing"].map((path) => ({
      ...{ actor: "unknown", action: "operator.refused", detail: { method: "GET", path } },
    })),
  );
  expect(existsSync(join(site.dir, "audit.log"))).toBe(false);
  const token = readFileSync(join(site.dir, "token"), "utf8");
  expect(await call({ name: "The supervisor", port: sighting.port, token }, status)).toMatchObject({
    cluster: "marketing",
  });
  for (const file of ["token", "supervisor.json"]) expect(statSync(join(site.dir, file)).mode & 0o777).toBe(0o600);
});

test("an invalid request is refused with all its problems", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  const sighting = readSupervisor(site.dir);
  if (sighting.state !== "alive") throw new Error("gone");
  const endpoint = {
    name: "The supervisor",
    port: sighting.port,
    token: readFileSync(join(site.dir, "token"), "utf8"),
  };
  const put = { method: "PUT", timeoutMs: 5_000 } as const;
  await expect(
    call(endpoint, { ...put, path: "/v1/pools/x", body: { agent: "../x", count: -1 } }),
  ).rejects.toMatchObject({
    code: "SW608",
    message: expect.stringMatching(/agent[\s\S]*count|count[\s\S]*agent/),
  });
  await expect(call(endpoint, { ...put, path: "/v1/nothing" })).rejects.toMatchObject({ code: "SW705" });
});

test("an error names a fixed port that is in use", async ({ onTestFinished }) => {
  const { port, close } = await freePort();
  onTestFinished(close);
  const site = scratchSite(onTestFinished);
  await expect(ensureSupervisor(site, { port })).rejects.toMatchObject({
    code: "SW702",
    message: expect.stringContaining(String(port)),
  });
  close();
  await ensureSupervisor(site, { port });
  expect(readSupervisor(site.dir)).toMatchObject({ state: "alive", port });
});

test("a supervisor that is gone: the next owner of its port gets no token", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  const { pid } = await ensureSupervisor(site);
  const { command: _, ...reference } = poolOf();
  await putPool(site.dir, reference);
  const { instances } = await waitForPool(site.dir, "writer", 1);
  const { port = 0 } = readAnnouncement(sitePaths(site.dir)) ?? {};
  process.kill(pid, "SIGKILL");
  const calls: (string | undefined)[] = [];
  const thief = createHttpServer((request, response) => {
    calls.push(request.headers.authorization);
    response.end("{}");
  });
  onTestFinished(() => void thief.close());
  await eventually(() => listens(thief, port));
  await ensureSupervisor(site);
  // Instances that know the port start again; until then each repeats its calls.
  await eventually(async () => {
    const [writer] = (await poolStatus(site)).instances;
    return (writer?.health === "idle" && writer.pid !== instances[0]?.pid) || undefined;
  });
  expect(calls).toEqual([]);
});

test("without a port, agents and operators use the socket, which only its user can open", async ({
  onTestFinished,
}) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site, { port: "off" });
  expect(readSupervisor(site.dir)).toMatchObject({ state: "alive", port: undefined });
  const { command: _, ...reference } = poolOf();
  await putPool(site.dir, reference);
  const { instances } = await waitForPool(site.dir, "writer", 1);
  expect(instances).toMatchObject([{ epoch: 1, state: "running" }]);
  const socket = join(site.dir, "api", "socket");
  expect([statSync(dirname(socket)).mode & 0o777, statSync(socket).mode & 0o777]).toEqual([0o700, 0o600]);
  const environment = readFileSync(`/proc/${instances[0]?.pid}/environ`, "utf8").split("\0");
  expect(environment.filter((variable) => variable.startsWith("SWARM_API"))).toEqual([`SWARM_API_SOCKET=${socket}`]);
  chmodSync(dirname(socket), 0o777);
  await expect(supervisorStatus(site.dir)).rejects.toMatchObject({ code: "SW703" });
  chmodSync(dirname(socket), 0o700);
});

function listens(server: Server, port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    server.once("error", () => resolve(undefined));
    server.listen(port, "127.0.0.1", () => resolve(true));
  });
}

test("a supervisor that cannot start reports the reason", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site).then(({ pid }) => process.kill(pid, "SIGKILL"));
  writeFileSync(join(site.dir, "site.json"), "{");
  await expect(ensureSupervisor(site)).rejects.toMatchObject({
    code: "SW701",
    message: expect.stringContaining("is not the folder of a supervisor"),
  });
});

test("a site of another cluster or host is refused", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site);
  await expect(ensureSupervisor({ ...site, uid: "c-2" })).rejects.toMatchObject({ code: "SW703" });
  const record = readFileSync(join(site.dir, "site.json"), "utf8");
  writeFileSync(
    join(site.dir, "site.json"),
    JSON.stringify({ ...JSON.parse(record), host: { name: `not-${hostname()}`, id: "x" } }),
  );
  await expect(ensureSupervisor(site)).rejects.toMatchObject({ code: "SW706" });
  await expect(supervisorStatus(site.dir)).rejects.toMatchObject({ code: "SW706" });
  writeFileSync(join(site.dir, "site.json"), record);
});

test("an aborted wait ends", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await expect(ensureSupervisor(site, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "SW606" });
});
