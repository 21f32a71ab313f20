import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, readdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { SwarmError } from "../errors.ts";
import { type StateBackend, stackFolder } from "./backend.ts";
import type { Environment } from "./engine/model.ts";

const fileName = "swarmstack-passphrase";

/**
 * What the engine needs to open the secrets of the states. The user's own choice comes first; for a folder on this
 * machine a passphrase is made once and kept beside the states (0600), so that every caller of that folder finds it.
 *
 * @throws SwarmError SW609 for a shared backend without a choice, SW602 when states are there but their passphrase is gone
 */
export async function passphraseEnvironment(backend: StateBackend, env: Environment): Promise<Record<string, string>> {
  for (const name of ["PULUMI_CONFIG_PASSPHRASE", "PULUMI_CONFIG_PASSPHRASE_FILE"]) {
    const given = env[name];
    if (given !== undefined) return { [name]: given };
  }
  if (backend.kind === "shared") {
    throw new SwarmError("SW609", `the shared backend ${backend.url} needs a passphrase that all its users know`, {
      hints: ["set PULUMI_CONFIG_PASSPHRASE_FILE to a file that holds it"],
    });
  }
  const file = join(backend.dir, fileName);
  if (!existsSync(file)) {
    if (await hasStates(backend.dir)) {
      throw new SwarmError("SW602", `${backend.dir} holds states, but their passphrase (${fileName}) is missing`, {
        hints: ["put the file back, or set PULUMI_CONFIG_PASSPHRASE_FILE to a copy of it"],
      });
    }
    await createOnce(file);
  }
  return { PULUMI_CONFIG_PASSPHRASE_FILE: file };
}

/** Two callers at once end with the same file: the first link wins, whole. */
async function createOnce(file: string): Promise<void> {
  const draft = `${file}.${process.pid}.${randomBytes(4).toString("hex")}`;
  await writeFile(draft, randomBytes(32).toString("base64url"), { mode: 0o600, flag: "wx" });
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
