import { connect, type Socket } from "node:net";
import { expect, test } from "vitest";
import { maxChunkBytes, sha256 } from "../../src/agent-api/checkpoints/manifest.ts";
import { Caller, registered, startServer, type TestServer } from "./support/agent-server.ts";

test.for([
  { name: "a heartbeat", method: "POST", path: "/heartbeat", body: { epoch: 1, reason: "x".repeat(300_000) } },
  {
    name: "a value of the memory",
    method: "PUT",
    path: "/memory/k",
    body: { epoch: 1, version: 0, value: "x".repeat(65_535) },
  },
  {
    name: "a chunk",
    method: "PUT",
    path: `/checkpoints/${"0".repeat(64)}?epoch=1`,
    body: new Uint8Array(maxChunkBytes + 1),
  },
])("$name that is too large is refused as such", async ({ method, path, body }, { onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  expect(await caller.call(method, path, body)).toMatchObject({ status: 413, body: { code: "SW711" } });
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
});

test.for([
  { name: "no JSON", body: "{", type: "application/json" },
  { name: "another type", body: "<a/>", type: "application/xml" },
  {
    name: "what is not asked for",
    body: '{"instance": "writer-0", "agent": "writer", "king": true}',
    type: "application/json",
  },
  { name: "nested without end", body: `${"[".repeat(100_000)}${"]".repeat(100_000)}`, type: "application/json" },
])("a body that is $name is refused as not valid", async ({ body, type }, { onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const { token } = new Caller(server);
  const headers = { authorization: `Bearer ${token}`, "content-type": type };
  const answer = await fetch(`${server.url}/agent/v1/register`, { method: "POST", headers, body });
  expect(answer.status).toBe(422);
  expect(await answer.json()).toMatchObject({ code: "SW608" });
});

test("a chunk of the greatest size is kept", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const bytes = new Uint8Array(maxChunkBytes).fill(1);
  expect((await caller.put(`/checkpoints/${sha256(bytes)}`, bytes)).status).toBe(200);
  expect((await caller.get(`/checkpoints/${sha256(bytes)}`)).bytes).toEqual(bytes);
});

test.for([
  { name: "nothing at all", text: "" },
  { name: "half of its headers", text: "POST /agent/v1/register HTTP/1.1\r\nhost: x\r\n" },
  { name: "half of its body", text: "POST /agent/v1/register HTTP/1.1\r\nhost: x\r\ncontent-length: 10\r\n\r\n{" },
])("a sender that sends $name is cut off, and others are served meanwhile", async ({ text }, { onTestFinished }) => {
  const server = await startServer(onTestFinished, { limits: { headersTimeoutMs: 300, requestTimeoutMs: 600 } });
  const caller = await registered(server);
  const slow = await dial(server);
  slow.write(text);
  const closed = new Promise<void>((resolve) => slow.once("close", () => resolve()));
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
  slow.resume();
  await closed;
});

test("a thousand open connections: the API stays up", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const sockets: Socket[] = [];
  onTestFinished(() => {
    for (const socket of sockets) socket.destroy();
  });
  for (let count = 0; count < 1_000; count++) sockets.push(await dial(server));
  for (const socket of sockets.slice(0, 500)) socket.write("POST /agent/v1/heartbeat HTTP/1.1\r\nhost: x\r\n");
  const caller = await registered(server);
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
});

test("more connections than the server bears are closed, and room is made again", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished, { limits: { maxConnections: 20, headersTimeoutMs: 300 } });
  const sockets = await Promise.all(Array.from({ length: 60 }, () => dial(server)));
  await Promise.all(sockets.map((socket) => new Promise((resolve) => socket.resume().once("close", resolve))));
  const caller = await registered(server);
  expect((await caller.post("/heartbeat", { state: "idle" })).status).toBe(200);
});

test("one instance cannot keep everybody else waiting", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const [greedy, modest] = [await registered(server), await registered(server, "writer-1")];
  const stop = new AbortController();
  const request = { epoch: greedy.epoch, waitMs: 20_000 };
  const waits = Array.from({ length: 32 }, () =>
    greedy.call("POST", "/tasks/lease", request, stop.signal).catch(() => {}),
  );
  const refused = await untilRefused(greedy);
  expect(refused.body).toMatchObject({ code: "SW712" });
  expect((await modest.post("/heartbeat", { state: "idle" })).status).toBe(200);
  stop.abort();
  await Promise.all(waits);
});

/** The waiting calls reach the server when they do. */
async function untilRefused(caller: Caller) {
  for (;;) {
    const answer = await caller.post("/heartbeat", { state: "idle" });
    if (answer.status !== 200) {
      expect(answer.status).toBe(429);
      return answer;
    }
  }
}

function dial(server: TestServer): Promise<Socket> {
  return new Promise((resolve, reject) => {
    const socket = connect(server.port, "127.0.0.1", () => resolve(socket));
    socket.on("error", reject);
  });
}
