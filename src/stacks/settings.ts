import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { parseBackend, type StateBackend } from "./backend.ts";
import { cacheFolder } from "./engine/cache.ts";
import type { Environment } from "./engine/model.ts";
import { homeFolder } from "./home-folder.ts";

/** Where things are on this machine, from the environment. */
export interface Settings {
  /** Files of the user that must be kept: SWARM_HOME, default ~/.swarmstack. */
  readonly home: string;
  /** What can be made again. */
  readonly cache: string;
  /** State of the stacks: SWARM_BACKEND or PULUMI_BACKEND_URL, default a folder of the home. */
  readonly backend: StateBackend;
  readonly env: Environment;
}

/** @throws SwarmError SW509 where HOME would be needed and names no folder, SW603 for a backend that names none */
export function readSettings(env: Environment = process.env): Settings {
  const home = resolve(env.SWARM_HOME || join(homeFolder(env), ".swarmstack"));
  const url = env.SWARM_BACKEND || env.PULUMI_BACKEND_URL || pathToFileURL(join(home, "backend")).href;
  return { home, cache: cacheFolder(env), backend: parseBackend(url), env };
}
