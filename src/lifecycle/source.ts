import { type BlueprintSource, parseSource } from "../blueprint/load.ts";
import { type TargetKind, targetKinds } from "../blueprint/model.ts";
import { SwarmError } from "../errors.ts";
import { compile } from "../plan/compile.ts";
import type { Plan } from "../plan/plan.ts";
import type { Cluster } from "../store/clusters.ts";

/** Returns the recorded blueprint of a cluster. @throws SwarmError SW620 when none is recorded */
export function sourceOf({ name, blueprintFile: file, blueprintText: text }: Cluster): BlueprintSource {
  if (file !== null && text !== null) return { file, text };
  throw new SwarmError("SW620", `the blueprint of cluster ${name} is not recorded`, {
    hints: [`record it: swarmctl up FILE --cluster ${name}`],
  });
}

/** Compiles the plan of a cluster, optionally with another blueprint, target or stack. @throws SwarmError SW620 when none was recorded, SW500 when it is not valid */
export function planOf(
  cluster: Cluster,
  {
    source = sourceOf(cluster),
    target = targetKinds.find((kind) => kind === cluster.target),
    stack = cluster.activeStack,
  }: Partial<Planned> = {},
): Plan {
  return compile(parseSource(source, { target }), { cluster: stack, target });
}

interface Planned {
  readonly source: BlueprintSource | undefined;
  readonly target: TargetKind | undefined;
  readonly stack: string | undefined;
}
