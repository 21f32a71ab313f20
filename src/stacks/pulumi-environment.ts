import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import { prepareBackend } from "./backend.ts";
import { type Engine, engineEnvironment, type LanguageHost } from "./engine/index.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import type { Settings } from "./settings.ts";

/** What the engine's command line needs of us. */
export interface DoorOptions {
  readonly settings: Settings;
  readonly engine: Engine;
  readonly host: LanguageHost | undefined;
  /** Lines for the user, on standard error. */
  readonly tell: (line: string) => void;
}

/**
 * The variables that every door to the engine shares: inline operations, `swarmctl pulumi` and `swarmctl shellenv`. So
 * all of them see the same states, secrets and plugins.
 *
 * @param stack when given, the backend must have room for its state
 * @throws SwarmError SW602, SW603 or SW609 when the states cannot be used
 */
export async function pulumiEnvironment(
  settings: Settings,
  engine: Engine,
  host: LanguageHost | undefined,
  stack?: string,
): Promise<Record<string, string>> {
  const { backend, cache, env, home } = settings;
  await prepareBackend(backend, stack);
  const variables: Record<string, string> = {
    ...engineEnvironment(engine, host, { env }),
    ...(await passphraseEnvironment(backend, env)),
    PULUMI_BACKEND_URL: backend.url,
    // The engine would keep a whole copy of the state for each operation, for ever; its history stays.
    PULUMI_DIY_BACKEND_DISABLE_CHECKPOINT_BACKUPS: "true",
    SWARM_HOME: home,
    SWARM_CACHE: cache,
    SWARM_NODE: process.execPath,
    // Node keeps compiled code there: the worker and the plugins start in half the time.
    NODE_COMPILE_CACHE: env.NODE_COMPILE_CACHE ?? join(cache, "node"),
  };
  if (variables.PULUMI_HOME !== undefined) await mkdir(variables.PULUMI_HOME, { recursive: true });
  return variables;
}
