import { chmodSync, copyFileSync, mkdirSync, renameSync, rmSync, statSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { SwarmError } from "../../errors.ts";
import { shortHash } from "../../names.ts";
import { makeFolder } from "../../platform/files.ts";
import { bundleDigest, filesOf, type KnowledgeBundle } from "./bundle.ts";

/** Where a set of bundles is, once installed: another set, or another content, is another folder. */
export function knowledgeFolder(root: string, bundles: readonly KnowledgeBundle[]): string {
  return join(root, shortHash(JSON.stringify(bundles.map(({ name, digest }) => [name, digest])), 16));
}

/**
 * Copies bundles to where agents find them, their files read-only. What is there already stays, so running instances keep
 * what they began with.
 *
 * @throws SwarmError SW802 when a bundle cannot be read, or is not what its digest says.
 */
export function installKnowledge(root: string, bundles: readonly KnowledgeBundle[]): void {
  const folder = knowledgeFolder(root, bundles);
  if (statSync(folder, { throwIfNoEntry: false })) return;
  const temporary = `${folder}.${process.pid}.tmp`;
  rmSync(temporary, { recursive: true, force: true });
  makeFolder(temporary);
  for (const bundle of bundles) copyBundle(bundle, join(temporary, bundle.name));
  renameSync(temporary, folder);
}

function copyBundle({ name, path, digest }: KnowledgeBundle, to: string): void {
  const found = bundleDigest(path);
  if (found !== digest) {
    throw new SwarmError("SW802", `The knowledge "${name}" in ${path} has changed since it was declared.`, {
      hints: ["Bring the cluster up again."],
      values: { name, path, digest, found },
    });
  }
  for (const file of filesOf(path)) {
    const target = join(to, file === "" ? basename(path) : file);
    mkdirSync(dirname(target), { recursive: true, mode: 0o700 });
    copyFileSync(join(path, file), target);
    chmodSync(target, 0o444);
  }
}
