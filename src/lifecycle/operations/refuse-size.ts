import type { Blueprint } from "../../blueprint/model.ts";
import { allocate } from "../../plan/allocate.ts";

/** Rejects an impossible size before anything is recorded. @throws SwarmError SW608 */
export function refuseSize({ agents, cluster }: Pick<Blueprint, "agents" | "cluster">, targetWorkers?: number): void {
  if (targetWorkers === undefined) return;
  const { minWorkers, maxWorkers } = cluster;
  const ranges = agents.map(({ key, count }) => ({ key, min: count.min, max: count.max }));
  allocate(targetWorkers, { agents: ranges, minWorkers, maxWorkers });
}
