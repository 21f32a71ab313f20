import { access, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { z } from "zod";
import type { StateBackend } from "./backend.ts";

const resourceSchema = z.object({
  urn: z.string(),
  type: z.string(),
  parent: z.string().optional(),
  outputs: z.unknown().optional(),
  protect: z.boolean().optional(),
});

/** A resource of a stack's state. */
export type StateResource = z.infer<typeof resourceSchema>;

/** The common part of a stack's state and of an export. */
export const deploymentSchema = z.object({
  resources: z.array(resourceSchema).default([]),
  pending_operations: z.array(z.unknown()).nullish(),
  secrets_providers: z.object({ state: z.object({ salt: z.string().optional() }).optional() }).nullish(),
});
export type Deployment = z.infer<typeof deploymentSchema>;

/** Feature flags that do not affect what is read here; a state with any other is read by the engine. */
const features = new Set(["refreshBeforeUpdate", "views", "hooks", "taint", "replaceWith"]);

const checkpointSchema = z.object({
  version: z.union([z.literal(3), z.literal(4)]),
  features: z.array(z.string().refine((feature) => features.has(feature))).nullish(),
  checkpoint: z.object({ latest: deploymentSchema.nullish() }),
});

/**
 * Reads the state of a stack in a folder backend without starting the engine, which replaces that file atomically.
 *
 * @returns undefined if only the engine can read it: another backend, layout, compression or format, a damaged file, no such stack
 */
export async function readCheckpointFile(
  backend: StateBackend,
  project: string,
  stack: string,
): Promise<Deployment | undefined> {
  if (backend.kind !== "folder" || !isFileName(project) || !isFileName(stack)) return undefined;
  try {
    const file = join(stacksFolder(backend.dir), project, `${stack}.json`);
    const [text, attributes] = await Promise.all([
      readFile(file, "utf8"),
      readFile(`${file}.attrs`, "utf8").catch(() => "{}"),
    ]);
    // Incomplete attributes hide the state from the engine; the caller then reads by the engine, which repairs them.
    JSON.parse(attributes);
    const { latest } = checkpointSchema.parse(JSON.parse(text)).checkpoint;
    return latest ?? { resources: [] };
  } catch {
    return undefined;
  }
}

/** Lists the stacks of a project in a folder backend; undefined if only the engine can. */
export async function listCheckpointFiles(
  backend: StateBackend,
  project: string,
): Promise<readonly string[] | undefined> {
  if (backend.kind !== "folder") return undefined;
  const root = join(backend.dir, ".pulumi");
  const isThere = (path: string) =>
    access(path).then(
      () => true,
      () => false,
    );
  if (!(await isThere(root))) return [];
  // Without this file the layout is that of older engines, which has no projects.
  if (!(await isThere(join(root, "meta.yaml")))) return undefined;
  const names = await readdir(join(stacksFolder(backend.dir), project)).catch(() => []);
  if (names.some((name) => /\.json\.(gz|zst)$/.test(name))) return undefined;
  return names.filter((name) => name.endsWith(".json")).map((name) => name.slice(0, -".json".length));
}

function stacksFolder(dir: string): string {
  return join(dir, ".pulumi", "stacks");
}

function isFileName(text: string): boolean {
  return /^[\w-][\w.-]*$/.test(text);
}
