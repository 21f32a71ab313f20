import { createHash } from "node:crypto";
import { lstatSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { SwarmError } from "../../errors.ts";
import { systemCode } from "../../platform/files.ts";

/** A named set of files that agents read. */
export interface KnowledgeBundle {
  /** Its folder under SWARM_KNOWLEDGE_DIR. */
  readonly name: string;
  /** Absolute path of a file or a folder on this machine. */
  readonly path: string;
  /** What `bundleDigest` said of it. */
  readonly digest: string;
}

/** The files of a bundle, by their path in it, sorted; a bundle that is one file holds it under its own name. */
export function filesOf(path: string): string[] {
  const stat = lstatSync(path);
  if (stat.isFile()) return [""];
  return readdirSync(path, { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith("."))
    .flatMap((entry) => {
      if (entry.isDirectory()) return filesOf(join(path, entry.name)).map((file) => join(entry.name, file));
      return entry.isFile() ? [entry.name] : [];
    })
    .sort();
}

/**
 * Changes with every name and every byte of a bundle, and with nothing else. Symbolic links and hidden files are left out.
 *
 * @throws SwarmError SW802 when it cannot be read.
 */
export function bundleDigest(path: string): string {
  const hash = createHash("sha256");
  try {
    for (const file of filesOf(path)) {
      const content = createHash("sha256")
        .update(readFileSync(join(path, file)))
        .digest("hex");
      hash.update(`${content} ${JSON.stringify(file)}\n`);
    }
  } catch (cause) {
    throw new SwarmError("SW802", `The knowledge in ${path} cannot be read: ${systemCode(cause) ?? cause}.`, { cause });
  }
  return hash.digest("hex");
}
