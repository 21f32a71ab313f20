import { access, constants, stat } from "node:fs/promises";
import { dirname } from "node:path";

/** Says why a folder cannot be written, or be made; undefined when it can. Changes nothing. */
export async function whyUnwritable(folder: string): Promise<string | undefined> {
  const found = await stat(folder).catch(() => undefined);
  if (found === undefined) {
    const parent = dirname(folder);
    return parent === folder ? `${folder} cannot be read` : whyUnwritable(parent);
  }
  if (!found.isDirectory()) return `${folder} is not a folder`;
  return access(folder, constants.W_OK | constants.X_OK).then(
    () => undefined,
    () => `${folder} cannot be written by this user`,
  );
}
