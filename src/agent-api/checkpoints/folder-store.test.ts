import { mkdtempSync, rmSync, utimesSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { beforeEach, expect, onTestFinished, test } from "vitest";
import { FolderCheckpoints } from "./folder-store.ts";
import { rootHash, sha256 } from "./manifest.ts";

let folder: string;
let store: FolderCheckpoints;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "swarm-checkpoints-"));
  store = new FolderCheckpoints(folder);
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
});

async function save(text: string, seq: number): Promise<string> {
  const hash = sha256(text);
  await store.putChunk("writer-0", hash, Buffer.from(text));
  const root = rootHash([hash]);
  await store.commit("writer-0", { chunks: [hash], root, seq, epoch: 1 });
  return root;
}

test("the latest state and its predecessor are listed, each with the time at which it was saved", async () => {
  const one = await save("one", 1);
  utimesSync(join(folder, "writer-0", "latest.json"), 100, 100);
  const two = await save("twelve", 2);
  expect(await store.saved()).toMatchObject([
    { instance: "writer-0", root: two, seq: 2, bytes: 6, isLatest: true, isChosen: false },
    { instance: "writer-0", root: one, seq: 1, bytes: 3, isLatest: false, savedAtMs: 100_000 },
  ]);
});

test("a chosen state survives later checkpoints and becomes the latest when it is applied, with the next number", async () => {
  const one = await save("one", 1);
  await save("two", 2);
  await store.choose("writer-0", one);
  const [, previous] = await store.saved();
  expect(previous).toMatchObject({ root: one, isChosen: true });
  await save("three", 3);
  const four = await save("four", 4);
  expect(await store.latest("writer-0")).toMatchObject({ root: four });
  expect(await store.applyChoice("writer-0")).toMatchObject({ root: one, seq: 5 });
  expect(await store.verify("writer-0")).toMatchObject({ root: one, seq: 5 });
  expect((await store.saved()).map(({ root, isChosen }) => [root, isChosen])).toEqual([
    [one, false],
    [four, false],
  ]);
  expect(await store.applyChoice("writer-0")).toBeUndefined();
});

test("a choice that was applied before a kill is applied once; a withdrawn one not at all", async () => {
  const one = await save("one", 1);
  await save("two", 2);
  await store.choose("writer-0", one);
  await store.applyChoice("writer-0");
  await store.choose("writer-0", one);
  await store.applyChoice("writer-0");
  expect(await store.latest("writer-0")).toMatchObject({ root: one, seq: 3 });
  await store.choose("writer-0", one);
  await store.withdrawChoice("writer-0");
  expect(await store.applyChoice("writer-0")).toBeUndefined();
});

test("a state that is not saved cannot be chosen", async () => {
  await save("one", 1);
  await expect(store.choose("writer-0", "f".repeat(64))).rejects.toMatchObject({ code: "SW705" });
  await expect(store.choose("boss-0", "f".repeat(64))).rejects.toMatchObject({ code: "SW705" });
});
