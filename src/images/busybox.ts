import { cp, mkdir, mkdtemp, readFile, realpath, rename, rm } from "node:fs/promises";
import { dirname, join } from "node:path";
import { onPath } from "../stacks/engine/executables.ts";
import { unpackDebian } from "./debian.ts";
import { cannotMake } from "./recipe.ts";

/**
 * A statically linked busybox, which runs in any image: from PATH, or from Debian's package.
 * @throws SwarmError SW616 when neither is available.
 */
export async function staticBusybox(image: string, cache: string): Promise<string> {
  const kept = join(cache, "busybox", process.arch, "busybox");
  for (const path of [...(await onPath("busybox", process.env)), kept]) {
    const program = await realpath(path).catch(() => undefined);
    if (program !== undefined && (await isStatic(program))) return program;
  }
  const hints = ["apt-get install busybox-static"];
  const unpacked = await unpackInto(kept, cache).catch((error: unknown) => {
    throw cannotMake(image, `busybox-static cannot be downloaded from Debian: ${String(error)}`, hints);
  });
  if (!unpacked) throw cannotMake(image, "it needs a static busybox or apt-get", hints);
  return kept;
}

async function isStatic(program: string): Promise<boolean> {
  // A dynamically linked program has the path of its loader in its first bytes.
  return !/\/ld-(?:linux|musl)/.test((await readFile(program)).subarray(0, 4_096).toString("latin1"));
}

async function unpackInto(kept: string, cache: string): Promise<boolean> {
  const work = await mkdtemp(join(cache, "work-"));
  try {
    const unpacked = await unpackDebian(work, async () => ["busybox-static"]);
    if (unpacked === undefined) return false;
    await mkdir(dirname(kept), { recursive: true });
    const part = join(work, "busybox");
    // bin is a link to usr/bin in newer releases.
    await cp(join(unpacked, "usr/bin/busybox"), part).catch(() => cp(join(unpacked, "bin/busybox"), part));
    await rename(part, kept);
    return true;
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}
