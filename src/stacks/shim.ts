import { delimiter, join } from "node:path";
import type { Engine, LanguageHost } from "./engine/index.ts";
import { packageRoot } from "./project.ts";
import { pulumiEnvironment } from "./pulumi-environment.ts";
import type { Settings } from "./settings.ts";

/**
 * Variables that `swarmctl shellenv` exports: the environment of all entry points, and first on PATH a `pulumi` that runs
 * `swarmctl pulumi`, so that the lock and pending steps of a killed update are cleared there too.
 */
export async function shellEnvironment(
  settings: Settings,
  engine: Engine,
  host: LanguageHost,
): Promise<Record<string, string>> {
  const shim = join(packageRoot, "bin", "shim");
  const { PATH = "", ...variables } = await pulumiEnvironment(settings, engine, host);
  return { ...variables, PATH: [shim, PATH].join(delimiter), SWARM_ENGINE: engine.path, SWARM_SHIM_DIR: shim };
}
