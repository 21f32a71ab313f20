import { createHash } from "node:crypto";
import { readdirSync, readFileSync, statSync } from "node:fs";
import { basename, join } from "node:path";
import { SwarmError } from "../../errors.ts";
import type { Knowledge, KnowledgeFile } from "./resolver.ts";

/**
 * Reads a bundle of knowledge: one file, or all files of a folder except hidden ones.
 *
 * @throws SwarmError SW802 when it cannot be read
 */
export function readKnowledge(path: string): Knowledge {
  const files = readAll(path);
  const hash = createHash("sha256");
  for (const { path: name, content } of files) hash.update(`${name.length}:${name}${content.length}:`).update(content);
  return { digest: hash.digest("hex"), files };
}

function readAll(path: string): readonly KnowledgeFile[] {
  try {
    if (!statSync(path).isDirectory()) return [{ path: basename(path), content: readFileSync(path) }];
    return readdirSync(path, { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => join(entry.parentPath, entry.name))
      .map((file) => ({ file, name: file.slice(path.length + 1).replaceAll("\\", "/") }))
      .filter(({ name }) => !name.split("/").some((part) => part.startsWith(".")))
      .sort((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ file, name }) => ({ path: name, content: readFileSync(file) }));
  } catch (cause) {
    throw new SwarmError("SW802", `cannot read knowledge in ${path}`, { values: { file: path }, cause });
  }
}
