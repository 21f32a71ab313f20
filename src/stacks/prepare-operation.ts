import { prepareBackend } from "./backend.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import { prepareFolders } from "./prepare-folders.ts";
import type { Settings } from "./settings.ts";

/**
 * Checks folders, backend and passphrase before an operation is journaled, so that one which could not finish is refused.
 *
 * @throws SwarmError SW509, SW511, SW602, SW603 or SW609
 */
export async function prepareOperation(settings: Settings): Promise<void> {
  prepareFolders(settings);
  await prepareBackend(settings.backend);
  await passphraseEnvironment(settings.backend, settings.env);
}
