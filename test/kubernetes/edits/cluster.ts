import { readFileSync } from "node:fs";
import { parse, stringify } from "yaml";
import { parseBlueprint } from "../../../src/blueprint/parse.ts";
import { loadTarget } from "../../../src/components/load-target.ts";
import { PlannedCluster } from "../../../src/components/planned-cluster.ts";
import { findControlPlane } from "../../../src/control-plane/context.ts";
import { compile } from "../../../src/plan/compile.ts";
import type { Plan } from "../../../src/plan/plan.ts";
import { samples } from "../../components/shipped.ts";

/** The documents of the blueprints by name, all for Kubernetes. */
export function documents(): ReadonlyMap<string, unknown> {
  return new Map(samples().map(({ name, file }) => [name, onKubernetes(parse(readFileSync(file, "utf8")))]));
}

function onKubernetes<Document extends { cluster: { target?: unknown } }>(document: Document): Document {
  const { target = "local" } = document.cluster;
  const kind = typeof target === "object" && target !== null && "kind" in target ? target.kind : target;
  return kind === "kubernetes" ? document : { ...document, cluster: { ...document.cluster, target: "kubernetes" } };
}

/**
 * Compiles a document.
 * @throws Error with the reasons when the document has no plan
 */
export function planOf(cluster: string, document: unknown): Plan {
  const { blueprint, diagnostics } = parseBlueprint(stringify(document), { file: `${cluster}.yaml` });
  if (blueprint === undefined) {
    const errors = diagnostics.filter(({ severity }) => severity === "error");
    throw new Error(errors.map(({ code, message }) => `${code} ${message}`).join("\n"));
  }
  const { target } = blueprint.cluster;
  const controlPlane = target.kind === "kubernetes" ? findControlPlane(target.context, process.env) : undefined;
  return compile(blueprint, { cluster, controlPlane });
}

/** A program with the clusters of these plans; file paths are relative to the folder. */
export async function program(plans: ReadonlyMap<string, Plan>, folder: string): Promise<void> {
  for (const [name, plan] of plans) {
    new PlannedCluster(name, { plan, target: await loadTarget(plan.target.kind), folder });
  }
}
