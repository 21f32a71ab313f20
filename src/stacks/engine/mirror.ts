import { createHash } from "node:crypto";
import { createReadStream, createWriteStream } from "node:fs";
import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { Readable, Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { fileURLToPath } from "node:url";
import { SwarmError } from "../../errors.ts";
import { type CacheEntry, cacheEntry, cacheFolder, readCache } from "./cache.ts";
import { isExecutable } from "./executables.ts";
import { makeOnce } from "./make-once.ts";
import type { Engine, Environment, LookupOptions } from "./model.ts";
import { probeEngine } from "./probe.ts";
import { type ReportProgress, reporting } from "./reporting.ts";
import { run } from "./run.ts";

/** A site's copy of the official archive of the Pulumi CLI (`pulumi-v3.259.0-linux-x64.tar.gz`). */
export interface Mirror {
  readonly url: URL;
  /** Hash of the archive, 64 hexadecimal digits. */
  readonly sha256: string;
  readonly entry: CacheEntry;
}

const urlVariable = "SWARM_ENGINE_URL";
const hashVariable = "SWARM_ENGINE_SHA256";

/** Candidate paths of the executable in the archive; that of the official one for Linux and macOS first. */
const places = ["pulumi/pulumi", "pulumi/bin/pulumi", "bin/pulumi", "pulumi"];

/** Message prefix for a mirror whose engine was not downloaded yet. */
export const notYetMirrored = "not downloaded yet from the mirror";

const unpackMs = 5 * 60_000;

/**
 * The mirror named by the environment; undefined if none is.
 *
 * @throws SwarmError SW513 for an invalid address or hash
 */
export function readMirror(env: Environment): Mirror | undefined {
  const { [urlVariable]: address, [hashVariable]: hash } = env;
  if (!address) return undefined;
  const url = URL.canParse(address) ? new URL(address) : undefined;
  if (url === undefined || !["http:", "https:", "file:"].includes(url.protocol)) {
    throw refused(`${urlVariable} is not the address of an archive (https://, http:// or file://)`);
  }
  const sha256 = (hash ?? "").trim().toLowerCase();
  if (!/^[0-9a-f]{64}$/.test(sha256)) {
    throw refused(
      `${urlVariable} needs the hash of the archive: ${hashVariable} is ${hash ? "no SHA-256" : "not set"}`,
    );
  }
  return { url, sha256, entry: cacheEntry(cacheFolder(env), "mirror", sha256.slice(0, 32), "pulumi") };
}

/** The address for messages, without passwords and keys. */
export function shownAddress({ url }: Pick<Mirror, "url">): string {
  return `${url.protocol}//${url.host}${url.pathname}`;
}

/** The cached engine of a mirror; undefined if missing or damaged. */
export async function cachedMirror(mirror: Mirror, env: Environment): Promise<Engine | undefined> {
  const found = await readCache(mirror.entry);
  return found.state === "good" ? engineAt(found.path, mirror, env, "in the cache") : undefined;
}

/**
 * The engine of a mirror, downloaded once and checked. Does not fall back to other sources: a site that names a mirror wants that engine.
 *
 * @throws SwarmError SW513 if it cannot be downloaded, SW504 and SW606 as `findEngine`
 */
export async function mirroredEngine(mirror: Mirror, env: Environment, options: LookupOptions): Promise<Engine> {
  const cached = await cachedMirror(mirror, env);
  if (cached !== undefined) return cached;
  const { signal } = options;
  try {
    const made = await reporting(options, (report) =>
      makeOnce(mirror.entry, "mirror", { report, signal }, (folder) =>
        install(mirror, folder, { env, report, signal }),
      ),
    );
    return await engineAt(made.path, mirror, env, "downloaded, its hash is right");
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    throw refused(`${shownAddress(mirror)}: ${error instanceof Error ? error.message : String(error)}`, error);
  }
}

async function engineAt(path: string, mirror: Mirror, env: Environment, how: string): Promise<Engine> {
  const verdict = await probeEngine(path, env);
  if ("objection" in verdict) throw refused(`the engine of ${shownAddress(mirror)} ${verdict.objection}`);
  return { path, version: verdict.version, origin: "mirror", why: `${urlVariable} names it; ${how}` };
}

interface InstallOptions {
  readonly env: Environment;
  readonly report: ReportProgress;
  readonly signal: AbortSignal | undefined;
}

async function install(mirror: Mirror, folder: string, { env, report, signal }: InstallOptions): Promise<string> {
  const archive = join(folder, "archive");
  const hash = await download(mirror.url, archive, { report, signal });
  if (hash !== mirror.sha256) {
    throw new Error(`its SHA-256 is ${hash}, and ${hashVariable} is ${mirror.sha256}`);
  }
  report("store", "unpacking the archive");
  const unpacked = join(folder, "unpacked");
  await mkdir(unpacked);
  const tar = await run("tar", ["-xf", archive, "-C", unpacked], { env, timeoutMs: unpackMs, signal });
  if (tar.status !== 0) throw new Error(`it cannot be unpacked: ${tar.trouble ?? tar.stderr.split("\n")[0]}`);
  for (const place of places) {
    const path = join(unpacked, place);
    if (!(await isExecutable(path))) continue;
    const verdict = await probeEngine(path, env);
    if ("objection" in verdict) throw new Error(`its engine ${verdict.objection}`);
    return join(path, "..");
  }
  throw new Error(`it holds no ${places[0]}`);
}

/** A connection without data for this long is dead; a slow download is not. */
const idleMs = 60_000;

async function download(url: URL, file: string, { report, signal }: Omit<InstallOptions, "env">): Promise<string> {
  const idle = new AbortController();
  const timer = setTimeout(() => idle.abort(new Error(`no answer for ${idleMs / 1000} s`)), idleMs);
  const either = signal === undefined ? idle.signal : AbortSignal.any([idle.signal, signal]);
  const hash = createHash("sha256");
  try {
    report("download", `downloading the engine from ${url.host || url.pathname}`);
    const { body, size } = await open(url, either);
    let received = 0;
    const counted = new Transform({
      transform(chunk: Buffer, _encoding, done) {
        timer.refresh();
        hash.update(chunk);
        received += chunk.length;
        const fraction = size === undefined ? undefined : Math.min(1, received / size);
        report("download", `downloading the engine from ${url.host || url.pathname}`, fraction);
        done(null, chunk);
      },
    });
    await pipeline(body, counted, createWriteStream(file), { signal: either });
    return hash.digest("hex");
  } catch (error) {
    if (idle.signal.aborted) throw idle.signal.reason;
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

interface Body {
  readonly body: Readable;
  readonly size: number | undefined;
}

async function open(url: URL, signal: AbortSignal): Promise<Body> {
  if (url.protocol === "file:") return { body: createReadStream(fileURLToPath(url)), size: undefined };
  const plain = new URL(url);
  plain.username = "";
  plain.password = "";
  const login = `${decodeURIComponent(url.username)}:${decodeURIComponent(url.password)}`;
  const headers = url.username === "" ? {} : { authorization: `Basic ${Buffer.from(login).toString("base64")}` };
  const answer = await fetch(plain, { headers, signal }).catch((error: unknown) => {
    const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
    throw new Error(`it cannot be reached: ${cause instanceof Error ? cause.message : String(cause)}`);
  });
  if (!answer.ok || answer.body === null) throw new Error(`it cannot be downloaded: HTTP ${answer.status}`);
  const size = Number(answer.headers.get("content-length")) || undefined;
  return { body: Readable.fromWeb(answer.body), size };
}

function refused(message: string, cause?: unknown): SwarmError {
  return new SwarmError("SW513", message, {
    hints: [
      `let ${urlVariable} name the official archive for this machine, and ${hashVariable} its hash: sha256sum FILE`,
      `or unset ${urlVariable}: then another engine is looked for`,
    ],
    cause,
  });
}
