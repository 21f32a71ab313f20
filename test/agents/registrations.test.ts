import { expect, test } from "vitest";
import { rootHash, sha256 } from "../../src/agent-api/checkpoints/manifest.ts";
import { Caller, registered, startServer } from "./support/agent-server.ts";

test("each registration has a new epoch, and returns the initial state", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = new Caller(server, "writer-3");
  const first = await caller.register({ capabilities: ["seo"], versions: { agent: "1" } });
  expect(first.body).toEqual({ epoch: 1, parent: "lead-1", hold: false, heartbeatIntervalMs: 2_000, checkpoint: null });
  expect((await caller.register()).body).toMatchObject({ epoch: 2 });
  expect((await caller.post("/heartbeat", { state: "idle" })).body).toEqual({
    ...{ epoch: 2, parent: "lead-1", hold: false, drain: null, heartbeatIntervalMs: 2_000, lostTasks: [] },
  });
});

test("epochs survive a restart of the server", async ({ onTestFinished }) => {
  const before = await startServer(onTestFinished);
  const caller = await registered(before);
  await before.close();
  const after = await startServer(onTestFinished, { folder: before.folder });
  const same = new Caller(after);
  same.epoch = caller.epoch;
  expect((await same.post("/heartbeat", { state: "idle" })).status).toBe(200);
  expect((await same.register()).body).toMatchObject({ epoch: 2 });
});

test("calls of an earlier epoch are refused", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const old = await registered(server);
  const bytes = new Uint8Array(Buffer.from("state"));
  const hash = sha256(bytes);
  const root = rootHash([hash]);
  await old.put(`/checkpoints/${hash}`, bytes);
  await registered(server);
  const answers = {
    heartbeat: await old.post("/heartbeat", { state: "idle" }),
    lease: await old.post("/tasks/lease"),
    ack: await old.post("/tasks/t/ack", { attempt: 1, result: 1 }),
    fail: await old.post("/tasks/t/fail", { attempt: 1, error: "x" }),
    handBack: await old.post("/tasks/t/hand-back", { attempt: 1 }),
    chunk: await old.put(`/checkpoints/${hash}`, bytes),
    manifest: await old.put(`/checkpoints/${root}`, { chunks: [hash], root, seq: 1 }),
    restore: await old.get(`/checkpoints/${hash}`),
    memoryRead: await old.get("/memory/k"),
    memoryWrite: await old.put("/memory/k", { value: 1, version: 0 }),
  };
  for (const [call, answer] of Object.entries(answers)) {
    expect(answer, call).toMatchObject({ status: 409, body: { code: "SW709", values: { epoch: 1, present: 2 } } });
  }
});

test("a directive is sent at registration and in heartbeats, until it is withdrawn", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const { directives } = server.parts.registry;
  const caller = await registered(server);
  const beat = async () => (await caller.post("/heartbeat", { state: "idle" })).body;
  directives.give({ agent: "writer" }, { kind: "hold" });
  expect(await beat()).toMatchObject({ hold: true, drain: null });
  directives.give({ instance: "writer-0" }, { kind: "drain", deadlineAtMs: server.clock.now() + 60_000 });
  expect(await beat()).toMatchObject({ hold: true, drain: { deadlineMs: expect.any(Number) } });
  expect((await caller.register()).body).toMatchObject({ hold: true });
  directives.callOff({ instance: "writer-0" });
  directives.callOff({ agent: "writer" });
  expect(await beat()).toMatchObject({ hold: false, drain: null });
});
