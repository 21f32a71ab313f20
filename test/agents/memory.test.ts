import { expect, test } from "vitest";
import { Caller, registered, startServer } from "./support/agent-server.ts";

test("a value changes only with its current version", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const [first, second] = [await registered(server), await registered(server, "writer-1")];
  expect((await first.get("/memory/plan")).body).toEqual({ value: null, version: 0 });
  expect(await first.put("/memory/plan", { value: { step: 1 }, version: 0 })).toMatchObject({ body: { version: 1 } });
  expect((await second.get("/memory/plan")).body).toEqual({ value: { step: 1 }, version: 1 });
  expect(await second.put("/memory/plan", { value: 2, version: 1 })).toMatchObject({
    status: 200,
    body: { version: 2 },
  });
  for (const version of [0, 1, 3]) {
    const refused = await first.put("/memory/plan", { value: "lost", version });
    expect(refused).toMatchObject({ status: 409, body: { code: "SW710", values: { expected: version, present: 2 } } });
  }
  expect((await first.get("/memory/plan")).body).toEqual({ value: 2, version: 2 });
});

test("concurrent increments are not lost", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const callers = await Promise.all([0, 1, 2, 3].map((ordinal) => registered(server, `writer-${ordinal}`)));
  const countUp = async (caller: Caller) => {
    for (let done = 0; done < 25; ) {
      const { value, version } = (await caller.get("/memory/count")).body;
      const { status } = await caller.put("/memory/count", { value: Number(value) + 1, version: Number(version) });
      if (status === 200) done++;
    }
  };
  await Promise.all(callers.map(countUp));
  expect((await callers[0]?.get("/memory/count"))?.body).toMatchObject({ value: 100 });
});

test("an expired value is gone, and never returns with an old version", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  await caller.put("/memory/lock", { value: "mine", version: 0, expiresInMs: 60_000 });
  expect((await caller.get("/memory/lock")).body).toMatchObject({
    value: "mine",
    version: 1,
    expiresAtMs: expect.any(Number),
  });
  server.clock.forward(60_001);
  expect((await caller.get("/memory/lock")).body).toEqual({ value: null, version: 0 });
  expect((await caller.put("/memory/lock", { value: "stale", version: 1 })).status).toBe(409);
  expect((await caller.put("/memory/lock", { value: "next", version: 0 })).body).toEqual({ version: 2 });
});

test("values survive a restart of the server", async ({ onTestFinished }) => {
  const before = await startServer(onTestFinished);
  const caller = await registered(before);
  const path = `/memory/${encodeURIComponent("a key/with ünusual letters")}`;
  await caller.put(path, { value: [1], version: 0 });
  await before.close();
  const after = await startServer(onTestFinished, { folder: before.folder });
  const same = new Caller(after);
  same.epoch = caller.epoch;
  expect((await same.get(path)).body).toEqual({ value: [1], version: 1 });
});

test("values are bounded, the largest allowed is kept", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const largest = "x".repeat(64 * 1024 - 2);
  expect((await caller.put("/memory/k", { value: largest, version: 0 })).status).toBe(200);
  expect(await caller.put("/memory/k", { value: `${largest}x`, version: 1 })).toMatchObject({
    status: 413,
    body: { code: "SW711" },
  });
});

test("a key is deleted at the version that was read, and a repeated call succeeds", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  await caller.put("/memory/plan", { value: 1, version: 0 });
  const remove = (version: number) => caller.call("DELETE", `/memory/plan?epoch=${caller.epoch}&version=${version}`);
  expect(await remove(2)).toMatchObject({ status: 409, body: { code: "SW710", values: { present: 1 } } });
  for (let time = 0; time < 2; time++) expect(await remove(1)).toMatchObject({ status: 200, body: { version: 0 } });
  expect((await caller.get("/memory/plan")).body).toEqual({ value: null, version: 0 });
  expect(await caller.call("DELETE", "/memory/plan?epoch=9&version=1")).toMatchObject({ body: { code: "SW709" } });
});

test("an instance at its quota stops no other one", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const [greedy, modest] = [await registered(server), await registered(server, "writer-1")];
  const large = "x".repeat(64 * 1024 - 2);
  const fill = async () => {
    for (let key = 0; ; key++) {
      const answer = await greedy.put(`/memory/k${key}`, { value: large, version: 0 });
      if (answer.status !== 200) return answer;
    }
  };
  expect(await fill()).toMatchObject({ status: 413, body: { code: "SW711", values: { scope: "instance" } } });
  expect((await modest.put("/memory/mine", { value: large, version: 0 })).status).toBe(200);
  expect((await greedy.call("DELETE", `/memory/k0?epoch=${greedy.epoch}&version=1`)).status).toBe(200);
  expect((await greedy.put("/memory/next", { value: 1, version: 0 })).status).toBe(200);
});

test.for([
  { name: "a value of the memory", method: "PUT", path: "/memory/k", field: "value", rest: { version: 0 } },
  { name: "a result", method: "POST", path: "/tasks/t/ack", field: "result", rest: { attempt: 1 } },
  { name: "a field of a heartbeat", method: "POST", path: "/heartbeat", field: "cpu", rest: { state: "idle" } },
])("$name that is nested over 64 deep is refused as invalid, not as a fault", async (call, { onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  for (const depth of [65, 1_470, 20_000]) {
    const text = `${"[".repeat(depth)}${"]".repeat(depth)}`;
    const body = JSON.stringify({ epoch: caller.epoch, ...call.rest }).replace(/}$/, `,"${call.field}":${text}}`);
    const answer = await fetch(`${server.url}/agent/v1${call.path}`, {
      method: call.method,
      headers: { authorization: `Bearer ${caller.token}`, "content-type": "application/json" },
      body,
    });
    expect(answer.status).toBe(422);
    expect(await answer.json()).toMatchObject({ code: "SW608" });
  }
});
