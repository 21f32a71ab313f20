import { existsSync } from "node:fs";
import { dirname, isAbsolute, join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { loadBlueprint } from "./blueprint/load.ts";
import type { TargetKind } from "./blueprint/model.ts";
import { AgentCluster } from "./components/agent-cluster.ts";
import { loadTarget } from "./components/load-target.ts";
import { SwarmError } from "./errors.ts";
import { compile } from "./plan/compile.ts";
import type { WishChange } from "./plan/wish.ts";

export interface ProgramOptions {
  /** Absolute path; without it SWARM_BLUEPRINT, or the stack's configuration `swarmstack:blueprint`. */
  readonly blueprint?: string | undefined;
  readonly target?: TargetKind | undefined;
  readonly change?: WishChange | undefined;
}

/**
 * The Pulumi program: one cluster, named after its stack. `pulumi up` runs it as it is; the runner passes options.
 */
export default async function program(options: ProgramOptions = {}): Promise<Record<string, unknown>> {
  const cluster = pulumi.getStack();
  try {
    const file = options.blueprint ?? configuredBlueprint();
    const plan = compile(await loadBlueprint(file, { target: options.target }), { cluster, target: options.target });
    const target = await loadTarget(plan.target.kind);
    const { counts } = new AgentCluster(cluster, { plan, target, change: options.change, folder: dirname(file) });
    return { cluster, blueprint: plan.blueprint, target: plan.target.kind, counts };
  } catch (error) {
    // RunError: the engine shows the message alone, without a stack.
    if (error instanceof SwarmError) throw new pulumi.RunError(error.message);
    throw error;
  }
}

function configuredBlueprint(): string {
  const path = process.env.SWARM_BLUEPRINT ?? new pulumi.Config("swarmstack").require("blueprint");
  return isAbsolute(path) ? path : join(projectRoot(), path);
}

/** The folder of Pulumi.yaml. Older language hosts do not name it; they start the program in the folder of its main file. */
function projectRoot(): string {
  const named = pulumi.getRootDirectory();
  if (isAbsolute(named)) return named;
  let folder = process.cwd();
  while (!existsSync(join(folder, "Pulumi.yaml")) && dirname(folder) !== folder) folder = dirname(folder);
  return folder;
}
