import { join } from "node:path";
import { prepareBackend } from "./backend.ts";
import { type Engine, engineEnvironment, type LanguageHost } from "./engine/index.ts";
import { type PassphraseOptions, passphraseEnvironment } from "./passphrase.ts";
import { makeOwnFolder } from "./prepare-folders.ts";
import type { Settings } from "./settings.ts";

/** What the engine's command line needs of us. */
export interface DoorOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly host: LanguageHost | undefined;
  /** Lines for the user, on standard error. */
  readonly tell: (line: string) => void;
}

export interface EnvironmentOptions extends PassphraseOptions {
  /** When given, the backend must have room for its state. */
  readonly stack?: string | undefined;
}

/**
 * The variables that every door to the engine shares: inline operations, `swarmctl pulumi` and `swarmctl shellenv`. So
 * all of them see the same states, secrets and plugins.
 *
 * @throws SwarmError SW509 when the engine has no folder of its own, SW511 for an empty passphrase, SW602, SW603 or SW609 when the states cannot be used
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
    // The engine would keep a whole copy of the state for each operation, for ever; its history stays.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    SWARM_HOME: home,
    SWARM_CACHE: cache,
    SWARM_NODE: process.execPath,
    // Node keeps compiled code there: the worker and the plugins start in half the time.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(cache, "node"),
  };
  if (variables.PULUMI_HOME !== undefined) makeOwnFolder(variables.PULUMI_HOME, "PULUMI_HOME", "files of the engine");
  return variables;
}
