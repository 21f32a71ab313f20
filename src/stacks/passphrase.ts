import { randomBytes } from "node:crypto";
import { readFileSync, statSync } from "node:fs";
import { link, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { join, resolve } from "node:path";
import { SwarmError } from "../errors.ts";
import { systemCode } from "../platform/files.ts";
import { type Foreign, whyForeign } from "../platform/own-folder.ts";
import { type StateBackend, stackFolder } from "./backend.ts";
import type { Environment } from "./engine/model.ts";

const fileName = "swarmstack-passphrase";

export interface PassphraseOptions {
  /** In a user's own Pulumi project an empty passphrase is allowed. */
  readonly mayBeEmpty?: boolean;
}

/**
 * Variables with which the engine decrypts secrets of states. The user's passphrase comes first; for a folder backend one is
 * generated once and kept beside the states (0600), so that every user of that folder finds it.
 *
 * @throws SwarmError SW511 for an empty passphrase or missing file, SW609 for a shared backend without a passphrase, SW602 if states
 *   exist but their passphrase is gone, SW512 if others can read or write the kept one
 */
export async function passphraseEnvironment(
  backend: StateBackend,
  env: Environment,
  options: PassphraseOptions = {},
): Promise<Record<string, string>> {
  const chosen = chosenPassphrase(env, options);
  if (chosen !== undefined) return chosen;
  if (backend.kind === "shared") {
    throw new SwarmError("SW609", `the shared backend ${backend.url} needs a passphrase that all its users know`, {
      hints: ["set PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it"],
    });
  }
  const file = join(backend.dir, fileName);
  const kept = await readFile(file, "utf8").catch(() => undefined);
  if (kept === undefined || kept.trim() === "") {
    if (await hasStates(backend.dir)) {
      const reason = kept === undefined ? "missing" : "empty, as a power loss leaves it";
      throw new SwarmError("SW602", `${backend.dir} holds states, but their passphrase (${fileName}) is ${reason}`, {
        hints: ["put the file back, or set PULUMI_CONFIG_PASSPHRASE_FILE to a copy of it"],
      });
    }
    if (kept !== undefined) await rm(file, { force: true });
    await createOnce(file);
  }
  const foreign = foreignPassphrase(backend, {});
  if (foreign !== undefined) {
    const { reason, hints, owner, mode } = foreign;
    throw new SwarmError("SW512", `the passphrase ${reason}`, {
      hints: [...hints, "or set PULUMI_CONFIG_PASSPHRASE_FILE to the passphrase of your own"],
      values: { path: file, owner, mode },
    });
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** Whether other users can write or read the passphrase kept beside the states. A user's own passphrase is not checked. */
export function foreignPassphrase(backend: StateBackend, env: Environment): Foreign | undefined {
  if (backend.kind === "shared" || chosenPassphrase(env) !== undefined) return undefined;
  return whyForeign(join(backend.dir, fileName), "any");
}

/** Describes the source of the passphrase for `swarmctl doctor`. @throws SwarmError SW511 as `chosenPassphrase` */
export function passphraseSource(backend: StateBackend, env: Environment): string {
  const [variable] = Object.keys(chosenPassphrase(env) ?? {});
  if (variable !== undefined) return `from ${variable}`;
  if (backend.kind === "shared") return "none yet: a shared backend needs PULUMI_CONFIG_PASSPHRASE_FILE";
  return `kept beside the states: ${join(backend.dir, fileName)}`;
}

/**
 * The passphrase from the environment; undefined if there is none. The engine uses the variable unchanged, trims the content
 * of a file, and resolves a relative path in its current folder.
 *
 * @throws SwarmError SW511 if it is empty, or its file is missing or not a regular file
 */
export function chosenPassphrase(
  env: Environment,
  { mayBeEmpty = false }: PassphraseOptions = {},
): Record<string, string> | undefined {
  const { PULUMI_CONFIG_PASSPHRASE: text, PULUMI_CONFIG_PASSPHRASE_FILE: given } = env;
  if (text !== undefined) {
    if (text.trim() !== "" || mayBeEmpty) return { PULUMI_CONFIG_PASSPHRASE: text };
    throw emptyPassphrase(`PULUMI_CONFIG_PASSPHRASE is ${text === "" ? "empty" : "nothing but spaces"}`);
  }
  if (given === undefined || given === "") return undefined;
  const file = resolve(given);
  const found = statSync(file, { throwIfNoEntry: false });
  if (found === undefined) throw emptyPassphrase(`the file ${file} of PULUMI_CONFIG_PASSPHRASE_FILE is missing`);
  // Several processes read it; only the first could read a pipe.
  if (!found.isFile()) throw emptyPassphrase(`${file} of PULUMI_CONFIG_PASSPHRASE_FILE is not a regular file`);
  if (contentOf(file).trim() === "" && !mayBeEmpty) {
    throw emptyPassphrase(`the file ${file} of PULUMI_CONFIG_PASSPHRASE_FILE is empty`);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

function contentOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (error) {
    throw emptyPassphrase(`the file ${file} of PULUMI_CONFIG_PASSPHRASE_FILE cannot be read (${systemCode(error)})`);
  }
}

function emptyPassphrase(message: string): SwarmError {
  return new SwarmError("SW511", message, {
    hints: [
      "set PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds the passphrase",
      "or unset both variables: a folder backend keeps a passphrase of its own",
    ],
  });
}

/** Creates the file atomically: of concurrent callers the first link wins, and all read its content. */
async function createOnce(file: string): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  // Flushed, as a file truncated by a power loss would make states unreadable.
  await writeFile(draft, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx", flush: true });
  try {
    await link(draft, file);
  } catch (error) {
    if (!(error instanceof Error && "code" in error && error.code === "EEXIST")) throw error;
  } finally {
    await rm(draft, { force: true });
  }
}

async function hasStates(dir: string): Promise<boolean> {
  const files = await readdir(stackFolder(dir, "stacks")).catch(() => []);
  return files.some((name) => name.endsWith(".json") || name.endsWith(".json.gz"));
}
