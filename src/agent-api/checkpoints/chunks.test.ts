import fc from "fast-check";
import { expect, test } from "vitest";
import { assemble, chunksOf } from "./chunks.ts";
import { maxChunkBytes, rootHash } from "./manifest.ts";

test.each([
  { bytes: 0, chunks: 0 },
  { bytes: 1, chunks: 1 },
  { bytes: maxChunkBytes, chunks: 1 },
  { bytes: maxChunkBytes + 1, chunks: 2 },
])("$bytes bytes are $chunks chunks", ({ bytes, chunks }) => {
  expect(chunksOf(new Uint8Array(bytes))).toHaveLength(chunks);
});

test("what is cut is put together again, and equal states have equal roots", async () => {
  await fc.assert(
    fc.asyncProperty(
      fc.uint8Array({ maxLength: 3 }),
      fc.integer({ min: 0, max: maxChunkBytes + 5 }),
      async (seed, length) => {
        const state = new Uint8Array(length);
        state.set(seed.subarray(0, length));
        const chunks = chunksOf(state);
        const hashes = chunks.map(({ hash }) => hash);
        const read = async (wanted: string) => chunks.find(({ hash }) => hash === wanted)?.bytes ?? new Uint8Array();
        expect(Buffer.compare(await assemble(hashes, rootHash(hashes), read), state)).toBe(0);
        expect(chunksOf(new Uint8Array(state)).map(({ hash }) => hash)).toEqual(hashes);
      },
    ),
    { numRuns: 20 },
  );
});

test("a damaged chunk, and chunks in another order, are refused", async () => {
  const chunks = chunksOf(new Uint8Array(maxChunkBytes + 1));
  const hashes = chunks.map(({ hash }) => hash);
  const root = rootHash(hashes);
  const damaged = assemble(hashes, root, async () => new Uint8Array([1]));
  await expect(damaged).rejects.toMatchObject({ code: "SW713" });
  const swapped = assemble(hashes.toReversed(), root, async () => new Uint8Array());
  await expect(swapped).rejects.toMatchObject({ code: "SW713" });
});
