import { constants } from "node:fs";
import { access, mkdir, readdir, readFile, rm, stat, statfs, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { SwarmError } from "../errors.ts";
import { project } from "./project.ts";

/** Where the engine keeps states. Only a folder can be read without the engine. */
export type StateBackend =
  | { readonly kind: "folder"; readonly url: string; readonly dir: string }
  | { readonly kind: "shared"; readonly url: string };

/** Least free space: the engine rewrites the state at each step and keeps a copy. */
const leastFreeBytes = 2 * 1024 * 1024;
const freeForEachStateByte = 10;

/** @throws SwarmError SW603 when the URL does not name a valid folder */
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
 * Creates a missing backend folder, and rejects one that cannot store the state, before the first side effect of an
 * update.
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
 * Restores the layout version in a file that a power loss truncated ("corrupt store: missing version"). Only layout version 1
 * has a folder for our project.
 */
async function mendLayout(dir: string): Promise<void> {
  const file = join(dir, ".pulumi", "meta.yaml");
  const text = await readFile(file, "utf8").catch(() => "version");
  if (text.replaceAll("\0", "").trim() !== "") return;
  const hasProjects = (await stat(stackFolder(dir, "stacks")).catch(() => undefined))?.isDirectory() ?? false;
  if (hasProjects) await writeFile(file, "version: 1\n", { flush: true });
}

/** The folder of an area of a file backend for our project's stacks. */
export function stackFolder(dir: string, area: "stacks" | "backups" | "history" | "locks"): string {
  return join(dir, ".pulumi", area, ...(area === "locks" ? ["organization"] : []), project);
}

/** Deletes the engine's copies of a removed stack. Stack names contain no dots. */
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
