import { mkdirSync, statSync } from "node:fs";
import { tmpdir } from "node:os";
import { SwarmError } from "../errors.ts";
import { freeBytesOf, whyUnwritable } from "../platform/folders.ts";
import { prepareBackend } from "./backend.ts";
import { passphraseEnvironment } from "./passphrase.ts";
import type { Settings } from "./settings.ts";

/** A folder that an operation writes into. */
export interface NeededFolder {
  readonly path: string;
  /** Environment variable that overrides the path. */
  readonly variable: string;
  readonly holds: string;
  readonly neededBytes: number;
}

const mebibyte = 1024 ** 2;

/** The folders that an operation writes into, besides the state backend (src/stacks/backend.ts) and the engine's folder. */
export function neededFolders({ home, env }: Pick<Settings, "home" | "env">): readonly NeededFolder[] {
  // The rule of `os.tmpdir()`, applied to the environment of the settings.
  const temporary = env.TMPDIR || env.TMP || env.TEMP || tmpdir();
  return [
    { path: temporary, variable: "TMPDIR", holds: "temporary files", neededBytes: 4 * mebibyte },
    { path: home, variable: "SWARM_HOME", holds: "agents and logs of operations", neededBytes: 4 * mebibyte },
  ];
}

/** Why a folder cannot be used; undefined if it can. Creates a missing folder, except a temporary one. */
export function whyUnusable({ path, variable, neededBytes }: NeededFolder): string | undefined {
  if (variable === "TMPDIR" && statSync(path, { throwIfNoEntry: false }) === undefined) return `${path} is missing`;
  const unwritable = whyUnwritable(path);
  if (unwritable !== undefined) return unwritable;
  const free = freeBytesOf(path);
  if (free >= neededBytes) return undefined;
  return `${path} has ${inMebibytes(free)} free, ${inMebibytes(neededBytes)} are needed`;
}

/**
 * Checks, before an operation begins, that it can write its files.
 *
 * @throws SwarmError SW509 with the folder, the reason and the variable that overrides it
 */
export function prepareFolders(settings: Pick<Settings, "home" | "env">): void {
  for (const folder of neededFolders(settings)) {
    const reason = whyUnusable(folder);
    if (reason !== undefined) throw unusable(folder, reason);
  }
}

/** Creates a folder of swarmctl. @throws SwarmError SW509 with the reason and the variable that overrides it */
export function makeOwnFolder(path: string, variable: string, holds: string): void {
  const reason = whyUnwritable(path);
  if (reason !== undefined) throw unusable({ path, variable, holds }, reason);
  mkdirSync(path, { recursive: true, mode: 0o700 });
}

function unusable({ path, variable, holds }: Omit<NeededFolder, "neededBytes">, reason: string): SwarmError {
  return new SwarmError("SW509", `no folder for ${holds}: ${reason}`, {
    hints: [`set ${variable} to a folder that this user can write, with room`, "swarmctl doctor checks all folders"],
    values: { folder: path, variable, reason },
  });
}

function inMebibytes(bytes: number): string {
  return `${(bytes / mebibyte).toFixed(1)} MiB`;
}

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
