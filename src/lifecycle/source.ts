import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { basename, dirname, join } from "node:path";
import { loadBlueprint, readBlueprintFile } from "../blueprint/load.ts";
import { type Blueprint, type TargetKind, targetKinds } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";
import { compile } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import type { Cluster } from "../store/clusters.ts";
import type { BlueprintSource } from "./run.ts";

/** The blueprint that a cluster runs. @throws SwarmError SW620 when none was recorded */
export function sourceOf({ name, blueprintFile: file, blueprintText: text }: Cluster): BlueprintSource {
  if (file !== null && text !== null) return { file, text };
  throw new SwarmError("SW620", `the blueprint of cluster ${name} was not recorded`, {
    hints: [`bring it up once with its file: swarmctl up FILE --name ${name}`],
  });
}

/**
 * Works with a file of a blueprint's text: with its own where that still says the same, else with a copy, so that an edit
 * which nobody has applied is not applied in passing.
 */
export async function withFile<Result>(
  { file, text }: BlueprintSource,
  work: (location: { readonly blueprint: string; readonly folder: string }) => Promise<Result>,
): Promise<Result> {
  const folder = dirname(file);
  const present = await readBlueprintFile(file).catch(() => undefined);
  if (present === text) return work({ blueprint: file, folder });
  const copies = await mkdtemp(join(tmpdir(), "swarm-blueprint-"));
  try {
    const blueprint = join(copies, basename(file));
    await writeFile(blueprint, text);
    return await work({ blueprint, folder });
  } finally {
    await rm(copies, { recursive: true, force: true });
  }
}

export function readSource(source: BlueprintSource, target: TargetKind | undefined): Promise<Blueprint> {
  return withFile(source, ({ blueprint }) => loadBlueprint(blueprint, { target }));
}

/** The plan of what a cluster runs, or of another blueprint, target or stack in its place. @throws SwarmError SW620 when none was recorded, SW500 when it is not valid */
export async function planOf(
  cluster: Cluster,
  {
    source = sourceOf(cluster),
    target = targetKinds.find((kind) => kind === cluster.target),
    stack = cluster.activeStack,
  }: Partial<Planned> = {},
): Promise<Plan> {
  return compile(await readSource(source, target), { cluster: stack, target });
}

interface Planned {
  readonly source: BlueprintSource | undefined;
  readonly target: TargetKind | undefined;
  readonly stack: string | undefined;
}
