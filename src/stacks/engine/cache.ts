import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { mkdir, readFile, rename, rm, stat, utimes, writeFile } from "node:fs/promises";
import { dirname, isAbsolute, join, resolve } from "node:path";
import { pipeline } from "node:stream/promises";
import { homeFolder } from "../home-folder.ts";
import type { Environment } from "./model.ts";

/**
 * The folder for reproducible files: SWARM_CACHE, or `swarmstack` in the user's cache folder.
 *
 * @throws SwarmError SW509 if HOME is needed and does not name a folder
 */
export function cacheFolder(env: Environment): string {
  if (env.SWARM_CACHE) return resolve(env.SWARM_CACHE);
  // The XDG specification says to ignore a relative path.
  const given = env.XDG_CACHE_HOME;
  return join(given && isAbsolute(given) ? given : join(homeFolder(env), ".cache"), "swarmstack");
}

/** One executable of one version and platform in the cache: a folder, moved into place atomically. */
export interface CacheEntry {
  /** The executable's file name, such as "pulumi". */
  readonly binary: string;
  readonly folder: string;
}

type CacheState =
  | { readonly state: "missing" }
  | { readonly state: "corrupt"; readonly reason: string }
  | { readonly state: "good"; readonly path: string; readonly made: string };

export function cacheEntry(cache: string, kind: string, version: string, binary: string): CacheEntry {
  return { binary, folder: join(cache, kind, `${version}-${process.platform}-${process.arch}`) };
}

/**
 * Reads a cache entry. Hashes the file only if its size or time differs from the record, so the lookup of an unchanged
 * file costs two system calls.
 */
export async function readCache(entry: CacheEntry): Promise<CacheState> {
  const path = join(entry.folder, entry.binary);
  const file = await stat(path).catch(() => undefined);
  const text = await readFile(`${path}.sha256`, "utf8").catch(() => undefined);
  if (file === undefined && text === undefined) return { state: "missing" };
  if (file === undefined) return { state: "corrupt", reason: `${entry.binary} is missing` };
  if (text === undefined) return { state: "corrupt", reason: "its hash is missing" };
  const record = parseRecord(text);
  if (record === undefined) return { state: "corrupt", reason: "its hash file is damaged" };
  if (file.size !== record.size) {
    return { state: "corrupt", reason: `it has ${file.size} bytes and should have ${record.size}` };
  }
  if (Math.floor(file.mtimeMs / 1000) !== record.mtimeS) {
    if ((await hashFile(path)) !== record.sha256) return { state: "corrupt", reason: "its hash is another one" };
    await utimes(path, record.mtimeS, record.mtimeS).catch(() => undefined);
  }
  return { state: "good", path, made: record.made };
}

/** Moves a finished folder into the cache atomically, with the hash beside the executable. */
export async function storeInCache(entry: CacheEntry, finished: string, made: string): Promise<string> {
  const path = join(finished, entry.binary);
  const { size, mtimeMs } = await stat(path);
  const mtimeS = Math.floor(mtimeMs / 1000);
  const record = `# size=${size} mtime=${mtimeS} made=${made}\n${await hashFile(path)}  ${entry.binary}\n`;
  await writeFile(`${path}.sha256`, record);
  await mkdir(dirname(entry.folder), { recursive: true });
  await rm(entry.folder, { recursive: true, force: true });
  await rename(finished, entry.folder);
  return join(entry.folder, entry.binary);
}

interface CacheRecord {
  readonly size: number;
  readonly mtimeS: number;
  readonly made: string;
  readonly sha256: string;
}

/** Parses the format of `sha256sum`, after a comment line that sha256sum skips. */
function parseRecord(text: string): CacheRecord | undefined {
  const match = /^# size=(\d+) mtime=(\d+) made=(\w+)\n([0-9a-f]{64}) {2}\S+\n$/.exec(text);
  const [, size, mtime, made, sha256] = match ?? [];
  if (made === undefined || sha256 === undefined) return undefined;
  return { size: Number(size), mtimeS: Number(mtime), made, sha256 };
}

async function hashFile(path: string): Promise<string> {
  const hash = createHash("sha256");
  await pipeline(createReadStream(path, { highWaterMark: 1024 * 1024 }), hash);
  return hash.digest("hex");
}
