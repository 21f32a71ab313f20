import { homedir } from "node:os";
import { isAbsolute } from "node:path";
import { SwarmError } from "../errors.ts";
import { whyForeign } from "../platform/own-folder.ts";
import type { Environment } from "./engine/model.ts";

/**
 * The user's home folder: HOME, else that of the user's account.
 *
 * @param account returns the home folder of the account, used if HOME is not set
 * @throws SwarmError SW509 if HOME is empty or relative, as files would be kept in the current folder of each command
 */
export function homeFolder({ HOME }: Environment, account: () => string = homedir): string {
  const home = HOME ?? account();
  if (isAbsolute(home)) return home;
  throw new SwarmError("SW509", home === "" ? "HOME is empty" : `HOME is ${home}, which is not an absolute path`, {
    hints: ["set HOME to your home folder", "or set both SWARM_HOME and SWARM_CACHE to folders for swarmctl's files"],
    values: { variable: "HOME", value: home },
  });
}

/**
 * Rejects a home folder that another user can write to, as commands, records and passphrases in it are trusted.
 *
 * @throws SwarmError SW512 if it belongs to another user, or the group or others can write to it
 */
export function requireOwnHome(home: string): void {
  const foreign = whyForeign(home, "write");
  if (foreign === undefined) return;
  const { reason, hints, owner, mode } = foreign;
  throw new SwarmError("SW512", reason, {
    hints: [...hints, "or set SWARM_HOME to a folder of your own"],
    values: { path: home, owner, mode },
  });
}
