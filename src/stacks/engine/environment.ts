import { existsSync } from "node:fs";
import { basename, delimiter, dirname, join } from "node:path";
import type { Engine, Environment, LanguageHost, LookupOptions } from "./model.ts";
import { pulumiHome } from "./pulumi-home.ts";
import { allowedSources } from "./settings.ts";

/**
 * Variables that every entry point sets for the engine: PATH, which begins with the folders of node, the engine and the
 * language host, and the engine's home.
 *
 * If the user disables the official download of the engine, plugins are not downloaded either: a missing one fails at
 * once, not after a network time-out.
 */
export function engineEnvironment(
  engine: Engine,
  host?: LanguageHost,
  options: Pick<LookupOptions, "env" | "sources"> = {},
): Record<string, string> {
  const env: Environment = options.env ?? process.env;
  const node = dirname(process.execPath);
  const engineFolders = [dirname(engine.path), ...(host === undefined ? [] : [dirname(host.path)])];
  // Each folder may also hold a wrong version of the other's executable; a wrong engine is worse.
  const first = existsSync(join(node, basename(engine.path))) ? [...engineFolders, node] : [node, ...engineFolders];
  const rest = (env.PATH ?? "").split(delimiter).filter((folder) => folder !== "");
  const closed = allowedSources(options).includes("download")
    ? {}
    : { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true" };
  return {
    PATH: [...new Set([...first, ...rest])].join(delimiter),
    PULUMI_HOME: pulumiHome(env),
    PULUMI_SKIP_UPDATE_CHECK: "true",
    ...closed,
  };
}
