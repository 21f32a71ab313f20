import { existsSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { cacheFolder } from "./cache.ts";
import type { Environment } from "./model.ts";

/**
 * The engine's folder (plugins, workspaces): PULUMI_HOME, else the usual one if the engine was used before, so that
 * plugins installed there are found; else a folder of the cache.
 */
export function pulumiHome(env: Environment): string {
  if (env.PULUMI_HOME) return env.PULUMI_HOME;
  const usual = join(env.HOME || homedir(), ".pulumi");
  return existsSync(join(usual, "plugins")) ? usual : join(cacheFolder(env), "home");
}
