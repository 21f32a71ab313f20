import { delimiter, join } from "node:path";
import { prepareBackend } from "./backend.ts";
import { type Engine, engineEnvironment, type LanguageHost } from "./engine/index.ts";
import { type PassphraseOptions, passphraseEnvironment } from "./passphrase.ts";
import { makeOwnFolder } from "./prepare-operation.ts";
import { packageRoot } from "./project.ts";
import type { Settings } from "./settings.ts";

/** Options of an entry point to the engine. */
export interface DoorOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly host: LanguageHost | undefined;
  /** Prints a line for the user, on standard error. */
  readonly tell: (line: string) => void;
}

export interface EnvironmentOptions extends PassphraseOptions {
  /** If given, the backend must have space for its state. */
  readonly stack?: string | undefined;
}

/**
 * Environment variables shared by all entry points to the engine (inline runs, `swarmctl pulumi` and `swarmctl shellenv`), so
 * that they use the same states, secrets and plugins.
 *
 * @throws SwarmError SW509 when the engine's folder cannot be used, SW511 for an empty passphrase, SW602, SW603 or SW609 when the states cannot be used
 */
export async function pulumiEnvironment(
  settings: Settings,
  engine: Engine,
  host: LanguageHost | undefined,
  { stack, ...passphrase }: EnvironmentOptions = {},
): Promise<Record<string, string>> {
  const { backend, cache, env, home } = settings;
  await prepareBackend(backend, stack);
  const variables: Record<string, string> = {
    ...engineEnvironment(engine, host, { env }),
    ...(await passphraseEnvironment(backend, env, passphrase)),
    PULUMI_BACKEND_URL: backend.url,
    // Otherwise the engine keeps a full copy of the state for each operation indefinitely; the history stays.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    SWARM_HOME: home,
    SWARM_CACHE: cache,
    SWARM_NODE: process.execPath,
    // Node's cache of compiled code: the worker and the plugins start in half the time.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(cache, "node"),
  };
  if (variables.PULUMI_HOME !== undefined) makeOwnFolder(variables.PULUMI_HOME, "PULUMI_HOME", "files of the engine");
  return variables;
}

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
