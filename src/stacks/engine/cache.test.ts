import { appendFile, mkdir, readdir, rm, truncate, utimes, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { type CacheEntry, cacheEntry, cacheFolder, readCache, storeInCache } from "./cache.ts";
import { fakeMachine } from "./fakes.fixture.ts";

async function stored(text = "an executable"): Promise<{ entry: CacheEntry; path: string }> {
  const { cache, root } = await fakeMachine();
  const entry = cacheEntry(cache, "engine", "3.259.0", "pulumi");
  const finished = join(root, "finished");
  await mkdir(finished);
  await writeFile(join(finished, "pulumi"), text);
  return { entry, path: await storeInCache(entry, finished, "build") };
}

test.each([
  [{ SWARM_CACHE: "/s", XDG_CACHE_HOME: "/x", HOME: "/h" }, "/s"],
  [{ XDG_CACHE_HOME: "/x", HOME: "/h" }, "/x/swarmstack"],
  [{ HOME: "/h", SWARM_CACHE: "" }, "/h/.cache/swarmstack"],
])("cache folder of %j is %s", (env, folder) => {
  expect(cacheFolder(env)).toBe(folder);
});

test("an untouched file is good, and nothing is left beside the entry", async () => {
  const { entry, path } = await stored();
  expect(await readCache(entry)).toEqual({ state: "good", path, made: "build" });
  expect(await readdir(join(entry.folder, ".."))).toHaveLength(1);
});

test("a file with another time and the same content is good", async () => {
  const { entry, path } = await stored();
  await utimes(path, 1000, 1000);
  expect(await readCache(entry)).toMatchObject({ state: "good" });
});

const later = Date.now() / 1000 + 100;

test.each<[string, (path: string) => Promise<unknown>, string]>([
  ["cut off", (path) => truncate(path, 5), "it has 5 bytes and should have 13"],
  ["longer", (path) => appendFile(path, "!"), "it has 14 bytes and should have 13"],
  [
    "changed",
    (path) => writeFile(path, "AN EXECUTABLE").then(() => utimes(path, later, later)),
    "its hash is another one",
  ],
  ["gone", (path) => rm(path), "pulumi is missing"],
  ["without hash", (path) => rm(`${path}.sha256`), "its hash is missing"],
  ["with half a hash file", (path) => truncate(`${path}.sha256`, 30), "its hash file is damaged"],
])("a file that is %s is corrupt", async (_name, harm, reason) => {
  const { entry, path } = await stored();
  await harm(path);
  expect(await readCache(entry)).toEqual({ state: "corrupt", reason });
});

test("an empty cache is missing, not corrupt", async () => {
  const { cache } = await fakeMachine();
  expect(await readCache(cacheEntry(cache, "engine", "3.259.0", "pulumi"))).toEqual({ state: "missing" });
});
