import { readFileSync, statSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { call } from "../drivers/control/http.ts";
import { ensureSupervisor, readSupervisor, supervisorStatus } from "../drivers/process/client.ts";
import { scratchSite } from "../drivers/process/scratch.fixture.ts";

async function freePort(): Promise<{ port: number; close: () => void }> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const address = server.address();
  if (address === null || typeof address === "string") throw new Error("no port");
  return { port: address.port, close: () => void server.close() };
}

test("every call needs the site's token, which only its user can read", async ({ onTestFinished }) => {
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
  const token = readFileSync(join(site.dir, "token"), "utf8");
  expect(await call({ name: "The supervisor", port: sighting.port, token }, status)).toMatchObject({
    cluster: "marketing",
  });
  for (const file of ["token", "supervisor.json"]) expect(statSync(join(site.dir, file)).mode & 0o777).toBe(0o600);
});

test("a request that is not valid is refused with all that is wrong", async ({ onTestFinished }) => {
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

test("a fixed port that is in use is named", async ({ onTestFinished }) => {
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

test("a supervisor that cannot start says why", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await ensureSupervisor(site).then(({ pid }) => process.kill(pid, "SIGKILL"));
  writeFileSync(join(site.dir, "site.json"), "{");
  await expect(ensureSupervisor(site)).rejects.toMatchObject({
    code: "SW701",
    message: expect.stringContaining("is no site"),
  });
});

test("the site of another cluster, or of another host, is refused", async ({ onTestFinished }) => {
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

test("waiting ends when it is aborted", async ({ onTestFinished }) => {
  const site = scratchSite(onTestFinished);
  await expect(ensureSupervisor(site, { signal: AbortSignal.abort() })).rejects.toMatchObject({ code: "SW606" });
});
