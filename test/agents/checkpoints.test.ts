import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { assemble, chunksOf } from "../../src/agent-api/checkpoints/chunks.ts";
import { FolderCheckpoints } from "../../src/agent-api/checkpoints/folder-store.ts";
import { rootHash } from "../../src/agent-api/checkpoints/manifest.ts";
import { Caller, registered, startServer } from "./support/agent-server.ts";

function scratch(onFinished: (clean: () => void) => void, maxBytes?: number) {
  const folder = mkdtempSync(join(tmpdir(), "swarm-checkpoints-"));
  onFinished(() => rmSync(folder, { recursive: true }));
  const store = new FolderCheckpoints(folder, maxBytes);
  return { folder, store, files: () => readdirSync(join(folder, "writer-0")).sort() };
}

function stateOf(text: string, seq: number, epoch = 1) {
  const chunks = chunksOf(Buffer.from(text));
  const hashes = chunks.map(({ hash }) => hash);
  return { chunks, manifest: { chunks: hashes, root: rootHash(hashes), seq, epoch } };
}

async function save(store: FolderCheckpoints, text: string, seq: number): Promise<void> {
  const { chunks, manifest } = stateOf(text, seq);
  for (const { hash, bytes } of chunks) await store.putChunk("writer-0", hash, bytes);
  await store.commit("writer-0", manifest);
}

test("the latest checkpoint and its predecessor are kept, and no other chunks", async ({ onTestFinished }) => {
  const { store, files } = scratch(onTestFinished);
  for (const [index, text] of ["one", "two", "three"].entries()) await save(store, text, index + 1);
  const kept = ["two", "three"].flatMap((text) => stateOf(text, 1).manifest.chunks);
  expect(files()).toEqual([...kept, "latest.json", "previous.json"].sort());
  expect(await store.latest("writer-0")).toEqual(stateOf("three", 3).manifest);
  expect(await store.latest("writer-1")).toBeUndefined();
});

test("a manifest without its chunks, with a wrong root or an old number is refused, and changes nothing", async ({
  onTestFinished,
}) => {
  const { store } = scratch(onTestFinished);
  await save(store, "one", 1);
  const { chunks, manifest } = stateOf("two", 2);
  await expect(store.commit("writer-0", manifest)).rejects.toMatchObject({
    code: "SW713",
    values: { missing: manifest.chunks },
  });
  for (const { hash, bytes } of chunks) await store.putChunk("writer-0", hash, bytes);
  await expect(store.commit("writer-0", { ...manifest, root: "0".repeat(64) })).rejects.toMatchObject({
    code: "SW713",
  });
  await expect(store.commit("writer-0", { ...manifest, seq: 1 })).rejects.toMatchObject({ code: "SW713" });
  expect(await store.latest("writer-0")).toEqual(stateOf("one", 1).manifest);
  await store.commit("writer-0", manifest);
  await store.commit("writer-0", manifest);
  expect(await store.latest("writer-0")).toEqual(manifest);
});

test("bytes that do not match their hash are refused", async ({ onTestFinished }) => {
  const { store } = scratch(onTestFinished);
  await expect(store.putChunk("writer-0", "0".repeat(64), Buffer.from("x"))).rejects.toMatchObject({ code: "SW713" });
});

test("an instance that never finishes a checkpoint cannot fill the disk", async ({ onTestFinished }) => {
  const { store } = scratch(onTestFinished, 10);
  const [first, second] = ["12345678", "abcdefgh"].map((text) => stateOf(text, 1));
  for (const { hash, bytes } of first?.chunks ?? []) await store.putChunk("writer-0", hash, bytes);
  for (const { hash, bytes } of second?.chunks ?? []) {
    await expect(store.putChunk("writer-0", hash, bytes)).rejects.toMatchObject({ code: "SW711" });
  }
});

test("the next registration starts from a checkpoint saved through the API", async ({ onTestFinished }) => {
  const server = await startServer(onTestFinished);
  const caller = await registered(server);
  const state = Buffer.alloc(2_500_000, "state ");
  const chunks = chunksOf(state);
  const hashes = chunks.map(({ hash }) => hash);
  const root = rootHash(hashes);
  const manifest = { chunks: hashes, root, seq: 1, epoch: caller.epoch };
  expect(await caller.put(`/checkpoints/${root}`, manifest)).toMatchObject({ status: 409, body: { code: "SW713" } });
  for (const { hash, bytes } of chunks) await caller.put(`/checkpoints/${hash}`, new Uint8Array(bytes));
  expect((await caller.put(`/checkpoints/${root}`, manifest)).body).toEqual({ root, seq: 1 });
  expect((await caller.get(`/checkpoints/${root}`)).body).toEqual(manifest);

  expect((await caller.register()).body).toMatchObject({ epoch: 2, checkpoint: manifest });
  const restored = await assemble(hashes, root, async (hash) => (await caller.get(`/checkpoints/${hash}`)).bytes);
  expect(Buffer.compare(restored, state)).toBe(0);
  expect((await caller.put(`/checkpoints/${"0".repeat(64)}`, new Uint8Array(3))).status).toBe(409);
  expect((await caller.get("/checkpoints/..%2F..%2Fledger.db")).status).toBe(422);
});

test("a saved state is frozen from the drain to the resume, also for the next process, and by hold", async ({
  onTestFinished,
}) => {
  const before = await startServer(onTestFinished);
  const agent = { agent: "writer" };
  const drain = { kind: "drain", deadlineAtMs: before.clock.now() + 60_000 } as const;
  const first = await registered(before);
  before.parts.registry.directives.give(agent, drain);
  expect((await first.post("/heartbeat", { state: "idle" })).body).toMatchObject({ hold: true, drain: {} });
  // It is told to drain, and saves.
  const saved = stateOf("saved", 1);
  expect((await put(first, saved)).status).toBe(200);
  expect((await first.post("/heartbeat", { state: "drained" })).body).toMatchObject({ drain: {} });
  const frozen = { status: 409, body: { code: "SW720", values: { root: saved.manifest.root } } };
  expect(await put(first, stateOf("forged", 2))).toMatchObject(frozen);
  expect((await first.put(`/checkpoints/${saved.manifest.root}`, saved.manifest)).status).toBe(200);
  await before.close();

  const after = await startServer(onTestFinished, { folder: before.folder });
  const next = new Caller(after);
  expect((await next.register()).body).toMatchObject({ hold: true, checkpoint: saved.manifest });
  expect((await next.post("/heartbeat", { state: "idle" })).body).toMatchObject({ hold: true, drain: null });
  const { checkpoints, registry, tasks } = after.parts;
  const late = put(next, stateOf("later", 2, 2));
  expect(await checkpoints.latest("writer-0")).toEqual(saved.manifest);
  registry.directives.callOff(agent);
  tasks.releaseWaiters();
  expect((await late).status).toBe(200);
  registry.directives.give(agent, { kind: "hold" });
  expect(await put(next, stateOf("on hold", 3, 2))).toMatchObject({ status: 409, body: { code: "SW720" } });
  // It has nothing yet that could be changed.
  expect((await put(await registered(after, "writer-1"), stateOf("first", 1))).status).toBe(200);
});

/** Saves a state through the API. */
async function put(caller: Caller, { chunks, manifest }: ReturnType<typeof stateOf>) {
  for (const { hash, bytes } of chunks) {
    const refused = await caller.put(`/checkpoints/${hash}`, new Uint8Array(bytes));
    if (refused.status !== 200) return refused;
  }
  return caller.put(`/checkpoints/${manifest.root}`, manifest);
}
