import { expect, test } from "vitest";
import { rootHash, sha256 } from "../../src/agent-api/checkpoints/manifest.ts";
import { Caller, registered, startServer, type TestServer } from "./support/agent-server.ts";
import { eventually } from "./support/site.ts";

const newTask = {
  selector: { agent: "writer" },
  payload: 1,
  priority: "normal",
  maxAttempts: 3,
  leaseMs: 60_000,
} as const;
const inside = { releaseWaiters: () => {}, deadlineMs: 5_000 };

/** Raises the write fence, like the control API. */
async function shut({ parts }: TestServer, operation = "op-1"): Promise<void> {
  await parts.writeFence.raise(operation, { ...inside, releaseWaiters: () => parts.tasks.releaseWaiters() });
}

test("while the write fence is raised, changing calls wait and heartbeats are answered; after it is lifted, all continue", async ({
  onTestFinished,
}) => {
  const server = await startServer(onTestFinished);
  const { queue, parts } = server;
  const caller = await registered(server);
  const leased = [];
  for (let count = 0; count < 3; count++) {
    await queue.add(newTask);
    leased.push((await caller.post("/tasks/lease")).body["tasks"] as { id: string; attempt: number }[]);
  }
  const [done, failed, back] = leased.flat();
  const bytes = new Uint8Array(Buffer.from("state"));
  const hash = sha256(bytes);
  await shut(server);

  const settled: string[] = [];
  const note = async (name: string, call: Promise<{ status: number }>) => {
    const { status } = await call;
    settled.push(name);
    return [name, status] as const;
  };
  const calls = [
    note("ack", caller.post(`/tasks/${done?.id}/ack`, { attempt: 1, result: 1 })),
    note("fail", caller.post(`/tasks/${failed?.id}/fail`, { attempt: 1, error: "x" })),
    note("hand-back", caller.post(`/tasks/${back?.id}/hand-back`, { attempt: 1 })),
    note("chunk", caller.put(`/checkpoints/${hash}`, bytes)),
    note("memory", caller.put("/memory/k", { value: 1, version: 0 })),
    note("another's registration", new Caller(server, "writer-1").register()),
  ];
  for (let beat = 0; beat < 5; beat++) {
    // A heartbeat without open tasks would release tasks that were leased but not named.
    expect((await caller.post("/heartbeat", { state: "busy", openTasks: [] })).status).toBe(200);
    expect((await caller.post("/token")).status).toBe(200);
  }
  expect(settled).toEqual([]);
  expect((await queue.counts()).total).toMatchObject({ leased: 3, done: 0 });
  expect(await parts.memory.get("k")).toBeUndefined();

  parts.writeFence.lift("op-1");
  expect((await Promise.all(calls)).filter(([, status]) => status !== 200)).toEqual([]);
  const manifest = { chunks: [hash], root: rootHash([hash]), seq: 1 };
  expect((await caller.put(`/checkpoints/${manifest.root}`, manifest)).status).toBe(200);
  expect((await queue.counts()).total).toMatchObject({ leased: 0, done: 1 });
});

test("calls that wait for work return before the fence is raised", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const waiting = caller.post("/tasks/lease", { waitMs: 20_000 });
  await eventually(() => (server.parts.writeFence.inside === 1 ? true : undefined));
  await shut(server);
  expect(server.parts.writeFence.inside).toBe(0);
  expect((await waiting).body["tasks"]).toEqual([]);
});

test("a call that times out at the fence changes nothing after it is lifted", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  await server.queue.add(newTask);
  const [task] = (await caller.post("/tasks/lease")).body["tasks"] as { id: string }[];
  await shut(server);
  const gone = new AbortController();
  const ack = { epoch: caller.epoch, attempt: 1, result: 1 };
  const given = caller.call("POST", `/tasks/${task?.id}/ack`, ack, gone.signal);
  await caller.post("/heartbeat", { state: "busy" });
  gone.abort();
  await expect(given).rejects.toThrow();
  await caller.post("/heartbeat", { state: "busy" });
  server.parts.writeFence.lift("op-1");
  expect((await caller.post("/heartbeat", { state: "busy" })).status).toBe(200);
  expect((await server.queue.counts()).total).toMatchObject({ leased: 1, done: 0 });
});

test("the fence survives a restart, and only its own operation lifts it", async ({ onTestFinished }) => {
  const before = await startServer(onTestFinished);
  await shut(before);
  await expect(before.parts.writeFence.raise("op-2", inside)).rejects.toMatchObject({ code: "SW621" });
  expect(() => before.parts.writeFence.lift("op-2")).toThrow(expect.objectContaining({ code: "SW621" }));
  await before.close();
  const after = await startServer(onTestFinished, { folder: before.folder });
  expect(after.parts.writeFence.fencedFor).toBe("op-1");
});

test("a destination is fenced from its first start, and not again after the fence was lifted", async ({
  onTestFinished,
}) => {
  const arrival = "op-7";
  const first = await startServer(onTestFinished, { arrival });
  expect(first.parts.writeFence.fencedFor).toBe(arrival);
  await first.close();
  const second = await startServer(onTestFinished, { folder: first.folder, arrival });
  expect(second.parts.writeFence.fencedFor).toBe(arrival);
  second.parts.writeFence.lift(arrival);
  await second.close();
  const third = await startServer(onTestFinished, { folder: first.folder, arrival });
  expect(third.parts.writeFence.fencedFor).toBeUndefined();
  expect((await registered(third)).epoch).toBe(1);
});
