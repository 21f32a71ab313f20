import { existsSync } from "node:fs";
import { readFile, realpath } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const record = z.record(z.string(), z.string()).default({});
const manifestSchema = z.object({ dependencies: record, optionalDependencies: record, peerDependencies: record });

/** A package to copy. */
export interface PlacedPackage {
  /** Its installed folder. */
  readonly source: string;
  /** Its path relative to the copied root package: "node_modules/pg". */
  readonly target: string;
}

/**
 * All packages that a package needs at run time, wherever a package manager has installed them, each with a target
 * path where Node.js finds it from the copied root package.
 * @param without whether a dependency of the root package is excluded, with all packages that only it needs.
 * @throws Error when a dependency is not installed.
 */
export async function packagesOf(root: string, without: (name: string) => boolean): Promise<readonly PlacedPackage[]> {
  /** Installed folders by target path. */
  const placed = new Map<string, string>();
  // Breadth first: direct dependencies of the root package are always at the top.
  const queue: PlacedPackage[] = [{ source: await realpath(root), target: "" }];
  for (const { source, target } of queue) {
    const needed = await dependenciesOf(source, target === "" ? (name) => !without(name) : () => true);
    for (const { name, folder } of needed) {
      const place = placeFor(name, folder, target);
      if (place === undefined) continue;
      placed.set(place, folder);
      queue.push({ source: folder, target: place });
    }
  }
  return [...placed].map(([target, source]) => ({ source, target })).sort((a, b) => (a.target < b.target ? -1 : 1));

  /** At the top, unless another version is visible from the dependent package; undefined if this version is visible. */
  function placeFor(name: string, installed: string, neededBy: string): string | undefined {
    for (let at = neededBy; ; at = at.slice(0, Math.max(0, at.lastIndexOf("node_modules/") - 1))) {
      const visible = placed.get(join(at, "node_modules", name));
      if (visible === installed) return undefined;
      if (visible !== undefined) return join(neededBy, "node_modules", name);
      if (at === "") return join("node_modules", name);
    }
  }
}

interface Needed {
  readonly name: string;
  /** Its installed folder. */
  readonly folder: string;
}

async function dependenciesOf(source: string, wanted: (name: string) => boolean): Promise<readonly Needed[]> {
  const manifest = manifestSchema.parse(JSON.parse(await readFile(join(source, "package.json"), "utf8")));
  const { dependencies, optionalDependencies, peerDependencies } = manifest;
  const names = Object.keys({ ...dependencies, ...optionalDependencies, ...peerDependencies });
  const found: Needed[] = [];
  for (const name of names.filter(wanted).sort()) {
    const folder = await findPackage(name, source);
    if (folder !== undefined) found.push({ name, folder });
    else if (name in dependencies && !(name in optionalDependencies))
      throw new Error(`${source} needs ${name}, which is not installed: npm install`);
  }
  return found;
}

/** The real folder of a package, by Node.js's resolution from another package. */
async function findPackage(name: string, from: string): Promise<string | undefined> {
  for (let at = from; ; at = dirname(at)) {
    const folder = join(at, "node_modules", name);
    if (existsSync(join(folder, "package.json"))) return await realpath(folder);
    if (at === dirname(at)) return undefined;
  }
}
