import { existsSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { z } from "zod";

const manifestSchema = z.object({
  dependencies: z.record(z.string(), z.string()).default({}),
  optionalDependencies: z.record(z.string(), z.string()).default({}),
});

/**
 * Folders of all packages that a package needs at run time, where npm has put them, relative to it.
 *
 * @param without names of its dependencies that are left out with all that only they need
 */
export async function packagesOf(root: string, without: (name: string) => boolean): Promise<readonly string[]> {
  const found = new Set<string>();
  await addDependencies("", (name) => !without(name));
  return [...found].sort();

  async function addDependencies(folder: string, wanted: (name: string) => boolean): Promise<void> {
    const text = await readFile(join(root, folder, "package.json"), "utf8");
    const { dependencies, optionalDependencies } = manifestSchema.parse(JSON.parse(text));
    for (const name of Object.keys({ ...dependencies, ...optionalDependencies }).filter(wanted)) {
      const place = find(name, folder);
      if (place === undefined && name in optionalDependencies) continue;
      if (place === undefined) throw new Error(`${folder} needs ${name}, which is not installed: npm ci`);
      if (found.has(place)) continue;
      found.add(place);
      await addDependencies(place, () => true);
    }
  }

  function find(name: string, folder: string): string | undefined {
    for (let at = folder; ; at = dirname(at)) {
      const place = join(at, "node_modules", name);
      if (existsSync(join(root, place, "package.json"))) return place;
      if (at === "" || at === ".") return undefined;
    }
  }
}
