import { expect, test } from "vitest";
import { newTaskSchema } from "../../src/tasks/new-task.ts";
import { type Answer, type Caller, registered, startServer, type TestServer } from "./support/agent-server.ts";

interface Leased {
  readonly id: string;
  readonly attempt: number;
  readonly idempotencyKey: string;
  readonly payload: unknown;
}

function add(server: TestServer, payload: unknown = 1) {
  return server.queue.add(newTaskSchema.parse({ selector: { agent: "writer" }, payload }));
}

function leased({ body }: Answer): Leased[] {
  return body["tasks"] as Leased[];
}

async function leaseOne(caller: Caller): Promise<Leased> {
  const [task] = leased(await caller.post("/tasks/lease"));
  if (task === undefined) throw new Error("nothing to lease");
  return task;
}

test("a result is accepted once, and a repeated acknowledgement gets the same reply", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  await add(server, { text: "a" });
  const { id, attempt } = await leaseOne(caller);
  const first = await caller.post(`/tasks/${id}/ack`, { attempt, result: "first" });
  expect(first).toMatchObject({
    status: 200,
    body: { instance: "writer-0", attempt: 1, acceptedAt: expect.any(Number) },
  });
  expect((await caller.post(`/tasks/${id}/ack`, { attempt, result: "second" })).body).toEqual(first.body);
  expect((await server.queue.show(id))?.result?.value).toBe("first");
});

test("a late result gets the reply of the accepted one", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const [slow, fast] = [await registered(server), await registered(server, "writer-1")];
  await add(server);
  const lost = await leaseOne(slow);
  server.clock.forward(301_000);
  const { id, attempt, idempotencyKey } = await leaseOne(fast);
  expect([id, attempt, idempotencyKey]).toEqual([lost.id, 2, lost.idempotencyKey]);
  expect(await slow.post(`/tasks/${id}/ack`, { attempt: 1, result: "slow" })).toMatchObject({
    status: 409,
    body: { code: "SW714" },
  });
  const accepted = await fast.post(`/tasks/${id}/ack`, { attempt, result: "fast" });
  expect((await slow.post(`/tasks/${id}/ack`, { attempt: 1, result: "slow" })).body).toEqual(accepted.body);
});

test("a wait ends when there is a task", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const waiting = caller.post("/tasks/lease", { waitMs: 20_000 });
  await caller.post("/heartbeat", { state: "idle" });
  await add(server);
  server.parts.tasks.ring();
  expect(leased(await waiting)).toHaveLength(1);
});

test("a task whose lease response was lost goes to others once its instance reports without it", async ({
  onTestFinished,
}) => {
  const server = await startServer(onTestFinished);
  const [first, second] = [await registered(server), await registered(server, "writer-1")];
  await add(server);
  const { id, attempt } = await leaseOne(first);
  const beat = (openTasks?: object[]) => first.post("/heartbeat", { state: "busy", ...(openTasks && { openTasks }) });
  for (let count = 0; count < 3; count++) await beat([{ id, attempt }]);
  for (let count = 0; count < 3; count++) await beat();
  await beat([]);
  await beat([{ id, attempt }]);
  await beat([]);
  expect((await server.queue.show(id))?.state).toBe("leased");
  await beat([]);
  expect(await leaseOne(second)).toMatchObject({ id, attempt: 2 });
  expect((await server.queue.show(id))?.handedBack).toBe(1);
});

test("a disconnected waiting call keeps no task", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const [gone, there] = [await registered(server), await registered(server, "writer-1")];
  const stop = new AbortController();
  const left = gone.call("POST", "/tasks/lease", { epoch: gone.epoch, waitMs: 20_000 }, stop.signal).catch(() => {});
  await gone.post("/heartbeat", { state: "idle", openTasks: [] });
  stop.abort();
  await left;
  await add(server);
  server.parts.tasks.ring();
  let tasks: Leased[] = [];
  while (tasks.length === 0) {
    await gone.post("/heartbeat", { state: "idle", openTasks: [] });
    tasks = leased(await there.post("/tasks/lease"));
  }
  expect(tasks).toHaveLength(1);
});

test("a new registration of an instance releases its earlier leases", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const before = await registered(server);
  await add(server);
  const { id } = await leaseOne(before);
  const after = await registered(server);
  expect(await leaseOne(after)).toMatchObject({ id, attempt: 2 });
  expect(await before.post(`/tasks/${id}/ack`, { attempt: 1, result: 1 })).toMatchObject({
    status: 409,
    body: { code: "SW709" },
  });
});

test("heartbeats extend open leases, and report lost tasks", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  await add(server);
  const { id, attempt } = await leaseOne(caller);
  const beat = () => caller.post("/heartbeat", { state: "busy", openTasks: [{ id, attempt }] });
  for (let count = 0; count < 4; count++) {
    server.clock.forward(200_000);
    expect((await beat()).body).toMatchObject({ lostTasks: [] });
  }
  await server.queue.cancel(id);
  server.clock.forward(20_000);
  expect((await beat()).body).toMatchObject({ lostTasks: [id] });
});

test("a draining or held instance gets no task", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const waiting = caller.post("/tasks/lease", { waitMs: 20_000 });
  await caller.post("/heartbeat", { state: "idle" });
  server.parts.registry.directives.give({ agent: "writer" }, { kind: "hold" });
  server.parts.tasks.releaseWaiters();
  expect((await waiting).body).toEqual({ tasks: [], hold: true, drain: null });
  await add(server);
  expect((await caller.post("/tasks/lease")).body).toEqual({ tasks: [], hold: true, drain: null });
  server.parts.registry.directives.callOff({ agent: "writer" });
  expect(await leaseOne(caller)).toMatchObject({ attempt: 1 });
});

test("a waiting call returns a changed directive at once, without a task", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const { registry, tasks } = server.parts;
  const caller = await registered(server);
  await add(server);
  registry.directives.give({ agent: "writer" }, { kind: "hold" });
  const held = { waitMs: 20_000, held: "hold" };
  const waiting = caller.post("/tasks/lease", held);
  await caller.post("/heartbeat", { state: "idle" });
  registry.directives.give({ agent: "writer" }, { kind: "drain", deadlineAtMs: server.clock.now() + 60_000 });
  tasks.releaseWaiters();
  const drained = { tasks: [], hold: true, drain: { deadlineMs: expect.any(Number) } };
  expect((await waiting).body).toEqual(drained);
  expect((await caller.post("/tasks/lease", held)).body).toEqual(drained);
  registry.directives.callOff({ agent: "writer" });
  expect((await caller.post("/tasks/lease", held)).body).toEqual({ tasks: [], hold: false, drain: null });
});

test("a failed task is retried; one that cannot succeed is dead; a handed-back one keeps its attempt", async ({
  onTestFinished,
}) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const { id } = await add(server);
  let { attempt } = await leaseOne(caller);
  expect((await caller.post(`/tasks/${id}/hand-back`, { attempt })).body).toMatchObject({ state: "waiting" });
  ({ attempt } = await leaseOne(caller));
  expect((await caller.post(`/tasks/${id}/fail`, { attempt, error: "again" })).body).toMatchObject({
    state: "waiting",
  });
  server.clock.forward(600_000);
  ({ attempt } = await leaseOne(caller));
  const dead = await caller.post(`/tasks/${id}/fail`, { attempt, error: "never", retryable: false });
  expect(dead.body).toMatchObject({ state: "dead" });
  expect(await server.queue.show(id)).toMatchObject({ attempt: 3, handedBack: 1, error: "never", death: "failed" });
  expect(await caller.post("/tasks/none/ack", { attempt: 1, result: 1 })).toMatchObject({
    status: 404,
    body: { code: "SW715" },
  });
});

test("tasks go to capabilities of the blueprint, whatever an instance registers", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const thief = await registered(server);
  expect((await thief.register({ capabilities: ["payroll", "seo"] })).status).toBe(200);
  for (const capability of ["payroll", "plan", "seo"]) {
    await server.queue.add(newTaskSchema.parse({ selector: { capability }, payload: { capability } }));
  }
  const tasks = leased(await thief.post("/tasks/lease", { limit: 9 }));
  expect(tasks.map(({ payload }) => payload)).toEqual([{ capability: "seo" }]);
  expect(server.audit().at(-1)).toMatchObject({ action: "agent.register", detail: { ignored: ["payroll"] } });
});

test("any JSON arrives as given; an instance of version 1 of the API gets it as a field", async ({
  onTestFinished,
}) => {
  const server = await startServer(onTestFinished);
  const [old, current] = [await registered(server), await registered(server, "writer-1")];
  await current.register({ versions: { api: "2" } });
  const payloads = [[1, 2, 3], [], 42, null];
  for (const caller of [old, current]) {
    for (const payload of payloads) await add(server, payload);
    const tasks = leased(await caller.post("/tasks/lease", { limit: 9 }));
    const given = caller === old ? payloads.map((value) => ({ value })) : payloads;
    expect(tasks.map(({ payload }) => payload)).toEqual(given);
  }
});
