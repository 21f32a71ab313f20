import { delimiter, join } from "node:path";
import { z } from "zod";
import { isExecutable } from "./executables.ts";
import type { Environment } from "./model.ts";
import { run } from "./run.ts";
import { isOlder, oldestGo, readVersion } from "./version.ts";

/** A Go installation that can build the pinned modules. */
export interface Go {
  readonly path: string;
  readonly version: string;
  /** Where go keeps compiled packages. */
  readonly buildCache: string;
  /** Where go keeps downloaded modules. */
  readonly moduleCache: string;
}

const goEnv = z.object({ GOVERSION: z.string(), GOCACHE: z.string(), GOMODCACHE: z.string() });

/** Finds a usable Go on PATH or in more folders; a text gives the reason if there is none. */
export async function findGo(env: Environment, more: readonly string[]): Promise<Go | string> {
  const folders = [...(env.PATH ?? "").split(delimiter), ...more].filter((folder) => folder !== "");
  const refused: string[] = [];
  for (const path of new Set(folders.map((folder) => join(folder, "go")))) {
    if (!(await isExecutable(path))) continue;
    const found = await askGo(path, env);
    if (typeof found !== "string") return found;
    refused.push(found);
  }
  return refused[0] ?? "Go is not installed";
}

async function askGo(path: string, env: Environment): Promise<Go | string> {
  const answer = await run(path, ["env", "-json"], { env: goEnvironment(env), timeoutMs: 20_000 });
  if (answer.status !== 0) return `${path} does not work: ${answer.trouble ?? answer.stderr}`;
  const parsed = goEnv.safeParse(parseJson(answer.stdout));
  if (!parsed.success) return `${path} does not describe itself`;
  const version = readVersion(parsed.data.GOVERSION);
  if (version === undefined) return `${path} has no version that can be read: ${parsed.data.GOVERSION}`;
  if (isOlder(version, oldestGo)) return `${path} is Go ${version}, older than ${oldestGo}`;
  return { path, version, buildCache: parsed.data.GOCACHE, moduleCache: parsed.data.GOMODCACHE };
}

/**
 * The environment for go: local toolchain and platform, without the user's flags and workspace. Keeps proxies and caches.
 * Disables cgo, so the result needs no C compiler and no libc.
 */
export function goEnvironment(env: Environment): Environment {
  const { GOOS: _os, GOARCH: _arch, GOFLAGS: _flags, GOBIN: _bin, ...rest } = env;
  const cgo = process.platform === "linux" ? { CGO_ENABLED: "0" } : {};
  return { ...rest, GOTOOLCHAIN: "local", GOWORK: "off", ...cgo };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
