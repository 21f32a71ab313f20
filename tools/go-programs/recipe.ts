import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import type { Recipe } from "../../src/stacks/engine/recipe.ts";

type Pinned = Omit<Recipe, "version">;

/** A third-party program: its version is that of its module in `go.mod`. */
export function pinnedProgram(pinned: Pinned): Recipe {
  const modules = [...readModule(pinned.module, "go.mod").matchAll(/^\s*(?:require )?(\S+) v(\d+\.\d+\.\d+)/gm)];
  const version = modules.find(([, name]) => pinned.target.startsWith(`${name}/`))?.[2];
  if (version === undefined) throw new Error(`${pinned.module}/go.mod pins no module of ${pinned.target}`);
  return { ...pinned, version };
}

/** A program of this repository, the Go files in and below the folder of its go.mod: its version is their hash. */
export function ownProgram(own: Omit<Pinned, "sources">): Recipe {
  const files = readdirSync(own.module, { recursive: true, encoding: "utf8" });
  const sources = files.filter((file) => file.endsWith(".go") && !file.endsWith("_test.go"));
  const hash = createHash("sha256");
  for (const file of ["go.mod", "go.sum", ...sources.sort()]) hash.update(`${file}\n${readModule(own.module, file)}`);
  return { ...own, sources, version: hash.update(own.ldflags).digest("hex").slice(0, 12) };
}

function readModule(folder: string, file: string): string {
  return readFileSync(join(folder, file), "utf8");
}
