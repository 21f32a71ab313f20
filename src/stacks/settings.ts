import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseBackend, type StateBackend } from "./backend.ts";
import { cacheFolder } from "./engine/cache.ts";
import type { Environment } from "./engine/model.ts";
import { homeFolder } from "./home-folder.ts";

/** Paths on this machine, from the environment. */
export interface Settings {
  /** Persistent files: SWARM_HOME, default ~/.swarmstack. */
  readonly home: string;
  /** Reproducible files. */
  readonly cache: string;
  /** State backend: SWARM_BACKEND or PULUMI_BACKEND_URL, default a folder in `home`. */
  readonly backend: StateBackend;
  readonly env: Environment;
}

/** @throws SwarmError SW509 if HOME is needed and does not name a folder, SW603 for an invalid backend */
export function readSettings(env: Environment = process.env): Settings {
  const home = resolve(env.SWARM_HOME || join(homeFolder(env), ".swarmstack"));
  const url = env.SWARM_BACKEND || env.PULUMI_BACKEND_URL || pathToFileURL(join(home, "backend")).href;
  return { home, cache: cacheFolder(env), backend: parseBackend(url), env };
}
