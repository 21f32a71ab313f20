import { prepareBackend } from "./backend.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import { prepareFolders } from "./prepare-folders.ts";
import type { Settings } from "./settings.ts";

/**
 * Refuses an operation that this machine could not finish, before it is in the journal: folders, backend and passphrase.
 *
 * @throws SwarmError SW509, SW511, SW602, SW603 or SW609
 */
export async function prepareOperation(settings: Settings): Promise<void> {
  prepareFolders(settings);
  await prepareBackend(settings.backend);
  await passphraseEnvironment(settings.backend, settings.env);
}
