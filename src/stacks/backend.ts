import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SwarmError } from "../errors.ts";
import { project } from "./project.ts";

/** Where the engine keeps the states. Only a folder can be looked into from here. */
export type StateBackend =
  | { readonly kind: "folder"; readonly url: string; readonly dir: string }
  | { readonly kind: "shared"; readonly url: string };

/** The engine writes the state anew at each step, with a copy beside it: less free space than this is refused. */
const leastFreeBytes = 2 * 1024 * 1024;
const freeForEachStateByte = 10;

/** @throws SwarmError SW603 when the URL names no folder that can exist */
export function parseBackend(url: string): StateBackend {
  if (!url.startsWith("file://")) return { kind: "shared", url };
  const path = url.slice("file://".length);
  if (path === "~" || path.startsWith("~/")) {
    throw new SwarmError("SW603", `backend ${url}: write the folder out, "~" means another folder for every caller`);
  }
  if (!path.startsWith("/")) throw new SwarmError("SW603", `backend ${url}: the path after file:// must be absolute`);
  return { kind: "folder", url, dir: fileURLToPath(url) };
}

/**
 * Makes a backend folder if there is none, and refuses one that cannot take the state: better before the first effect
 * than in the middle of an update.
 *
 * @throws SwarmError SW603 with the folder and the reason
 */
export async function prepareBackend(backend: StateBackend, stack?: string): Promise<void> {
  if (backend.kind !== "folder") return;
  const { dir } = backend;
  try {
    await mkdir(dir, { recursive: true, mode: 0o700 });
    await readdir(dir);
    await access(dir, constants.W_OK);
    await mendLayout(dir);
    const { bsize, bavail } = await statfs(dir);
    const needed = Math.max(leastFreeBytes, freeForEachStateByte * (await stateSize(dir, stack)));
    if (bsize * bavail < needed) {
      const values = { dir, freeBytes: bsize * bavail, neededBytes: needed };
      throw new SwarmError(
        "SW603",
        `no room for the state in ${dir}: ${toMiB(values.freeBytes)} MiB are free, ${toMiB(needed)} MiB are needed`,
        { values, hints: ["free some space there, or name another folder with SWARM_BACKEND=file:///..."] },
      );
    }
  } catch (error) {
    if (error instanceof SwarmError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    throw new SwarmError("SW603", `the state backend ${dir} cannot be used: ${reason}`, {
      hints: ["check the folder's owner and permissions, or name another one with SWARM_BACKEND=file:///..."],
      values: { dir },
      cause: error,
    });
  }
}

/**
 * Writes the version of the layout anew where a power loss emptied its file ("corrupt store: missing version"). The folder of our
 * project is there only in version 1.
 */
async function mendLayout(dir: string): Promise<void> {
  const file = join(dir, ".pulumi", "meta.yaml");
  const text = await readFile(file, "utf8").catch(() => "version");
  if (text.replaceAll("\0", "").trim() !== "") return;
  const hasProjects = (await stat(stackFolder(dir, "stacks")).catch(() => undefined))?.isDirectory() ?? false;
  if (hasProjects) await writeFile(file, "version: 1\n", { flush: true });
}

/** The folder inside a file backend where the engine keeps something of one stack. */
export function stackFolder(dir: string, area: "stacks" | "backups" | "history" | "locks"): string {
  return join(dir, ".pulumi", area, ...(area === "locks" ? ["organization"] : []), project);
}

/** Deletes the copies that the engine keeps of a stack that was removed. Names of stacks hold no dots. */
export async function forgetStack(backend: StateBackend, stack: string): Promise<void> {
  if (backend.kind !== "folder") return;
  for (const folder of [stackFolder(backend.dir, "stacks"), stackFolder(backend.dir, "backups")]) {
    const names = await readdir(folder).catch(() => []);
    for (const name of names) if (name.startsWith(`${stack}.`)) await rm(join(folder, name), { force: true });
  }
}

async function stateSize(dir: string, stack: string | undefined): Promise<number> {
  if (stack === undefined) return 0;
  const file = join(stackFolder(dir, "stacks"), `${stack}.json`);
  return (await stat(file).catch(() => undefined))?.size ?? 0;
}

function toMiB(bytes: number): string {
  return (bytes / 1024 / 1024).toFixed(1);
}
