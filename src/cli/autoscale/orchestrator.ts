import { SwarmError } from "../../errors.ts";
import type { TargetKind } from "../../targets/kinds.ts";

/** The orchestrators of the original by the target that each one is here; null: not there yet. */
const orchestrators = {
  local: "local",
  docker: "docker",
  "docker-compose": "docker",
  kubernetes: "kubernetes",
  fly: null,
} as const satisfies Readonly<Record<string, TargetKind | null>>;

export const orchestratorNames = Object.keys(orchestrators);

/**
 * The target whose clusters an orchestrator scales.
 *
 * @throws SwarmError SW650 for one that is not there yet
 */
export function targetOf(orchestrator: string): TargetKind {
  const target = (orchestrators as Readonly<Record<string, TargetKind | null>>)[orchestrator];
  if (target !== null && target !== undefined) return target;
  throw new SwarmError("SW650", `no autoscaler for ${orchestrator} yet`, {
    hints: [`those there are: ${orchestratorNames.filter((name) => name !== orchestrator).join(", ")}`],
    values: { orchestrator },
  });
}
