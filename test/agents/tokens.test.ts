import { hkdfSync } from "node:crypto";
import { expect, test } from "vitest";
import { rootHash, sha256 } from "../../src/agent-api/checkpoints/manifest.ts";
import { tokenLifetimeMs } from "../../src/agent-api/token-issuer.ts";
import { issueToken, type TokenClaims } from "../../src/agent-api/tokens.ts";
import { newTaskSchema } from "../../src/tasks/new-task.ts";
import { type AgentCall, agentCalls } from "./support/agent-calls.ts";
import { Caller, cluster, registered, secret, startServer, type TestServer } from "./support/agent-server.ts";

const key = new Uint8Array(hkdfSync("sha256", secret, "", "swarmstack agent tokens", 32));
const otherKey = new Uint8Array(32).fill(7);

function token(claims: Partial<TokenClaims>, by = key): string {
  return issueToken(by, {
    cluster,
    instance: "writer-0",
    agent: "writer",
    expiresAtMs: Date.now() + 60_000,
    ...claims,
  });
}

const good = token({});
const forged = `${good.slice(0, 20)}${good[20] === "A" ? "B" : "A"}${good.slice(21)}`;
const withoutSignature = good.slice(0, good.lastIndexOf(".") + 1);

const refusals = [
  { name: "none", token: "", status: 401, code: "SW707", problem: "missing" },
  { name: "a word", token: "swordfish", status: 401, code: "SW707", problem: "not a token" },
  { name: "too long", token: `${"a".repeat(4_000)}.b`, status: 401, code: "SW707", problem: "not a token" },
  { name: "no signature", token: withoutSignature, status: 401, code: "SW707", problem: "not signed here" },
  { name: "changed", token: forged, status: 401, code: "SW707", problem: "not signed here" },
  { name: "another key", token: token({}, otherKey), status: 401, code: "SW707", problem: "not signed here" },
  { name: "expired", token: token({ expiresAtMs: Date.now() - 1 }), status: 401, code: "SW707", problem: "expired" },
  {
    name: "another cluster",
    token: token({ cluster: "c-2" }),
    status: 403,
    code: "SW708",
    problem: "not of this cluster",
  },
  {
    name: "an unknown agent",
    token: token({ agent: "king" }),
    status: 403,
    code: "SW708",
    problem: "not of this cluster",
  },
];

async function callWith(server: TestServer, bearer: string, [method, path, body]: AgentCall) {
  const caller = new Caller(server);
  caller.token = bearer;
  return caller.call(method, path, body);
}

test.for(refusals)("a token that is $name: refused by every call, and audited without it", async ({
  token: bearer,
  status,
  code,
  problem,
}, { onTestFinished }) => {
  const server = await startServer(onTestFinished);
  for (const one of agentCalls) {
    const answer = await callWith(server, bearer, one);
    expect(answer, one.join(" ")).toMatchObject({
      status,
      body: { code, message: expect.any(String), hints: expect.any(Array) },
    });
  }
  await server.close();
  expect(server.audit()).toEqual([]);
  const audit = server.refused();
  expect(audit).toHaveLength(agentCalls.length);
  expect(audit[0]).toMatchObject({
    action: "agent.refused",
    detail: { problem, method: "POST", path: "/agent/v1/register" },
  });
  if (bearer !== "") expect(JSON.stringify(audit)).not.toContain(bearer);
  expect(JSON.stringify(audit)).not.toContain(good.slice(-20));
});

test("a flood of refused calls is counted, and displaces nothing that was done", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const done = server.audit();
  const stranger = new Caller(server);
  stranger.token = "";
  for (let round = 0; round < 20; round++) {
    await Promise.all(Array.from({ length: 50 }, () => stranger.post("/heartbeat", { state: "idle" })));
  }
  expect(server.audit()).toEqual(done);
  await server.close();
  const refused = server.refused();
  const written = refused.filter(({ action }) => action === "agent.refused").length;
  const suppressed = refused.reduce((sum, { detail }) => sum + Number(detail.suppressed ?? 0), 0);
  expect(written + suppressed).toBe(1_000);
  expect(written).toBeLessThan(500);
  expect(server.audit()).toEqual(done);
  expect(caller.epoch).toBe(1);
});

test("a token is valid for its own instance only", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const [first, second] = [await registered(server), await registered(server, "writer-1")];
  const stolen = await first.register({ instance: "writer-1" });
  expect(stolen).toMatchObject({
    status: 403,
    body: { code: "SW708", values: { token: "writer-0", instance: "writer-1" } },
  });
  expect(await first.register({ agent: "lead" })).toMatchObject({ status: 403 });

  const bytes = new Uint8Array(Buffer.from("mine"));
  const { root, hash } = hashesOf(bytes);
  await second.put(`/checkpoints/${hash}`, bytes);
  await second.put(`/checkpoints/${root}`, { chunks: [hash], root, seq: 1 });
  expect((await second.get(`/checkpoints/${hash}`)).status).toBe(200);
  expect((await first.get(`/checkpoints/${hash}`)).status).toBe(404);
  expect((await first.get(`/checkpoints/${root}`)).status).toBe(404);

  await server.queue.add(newTaskSchema.parse({ selector: { agent: "writer" }, payload: 1 }));
  const { tasks } = (await second.post("/tasks/lease")).body as { tasks: { id: string; attempt: number }[] };
  const theft = await first.post(`/tasks/${tasks[0]?.id}/ack`, { attempt: tasks[0]?.attempt, result: 1 });
  expect(theft).toMatchObject({ status: 409, body: { code: "SW714", values: { reason: "lease-lost" } } });
  await server.close();
  expect(server.refused()).toHaveLength(2);
});

test("a valid token can be renewed, an expired one cannot", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  server.clock.forward(tokenLifetimeMs - 1_000);
  const { token: fresh, expiresAtMs } = (await caller.call("POST", "/token")).body;
  expect(expiresAtMs).toBeGreaterThan(server.clock.now() + tokenLifetimeMs - 60_000);
  server.clock.forward(2_000);
  expect((await caller.call("POST", "/token")).status).toBe(401);
  caller.token = String(fresh);
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
});

function hashesOf(bytes: Uint8Array) {
  const hash = sha256(bytes);
  return { hash, root: rootHash([hash]) };
}
