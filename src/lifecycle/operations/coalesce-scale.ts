import { z } from "zod";
import type { Blueprint } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import { type AgentReplicas, allocateAmong, type ReplicaLimits } from "../../plan/allocate.ts";
import type { DesiredStatePatch } from "../../plan/desired-state.ts";

/** What somebody asks: the size of the whole, of a role, or of one agent. */
export const scaleRequestSchema = z.object({
  to: z.number().int().min(0).optional(),
  /** By role, or by key of an agent. */
  roles: z.record(z.string(), z.number().int().min(0)).default({}),
});
export type ScaleRequest = z.infer<typeof scaleRequestSchema>;

/** Several wishes as one, oldest first: what came later holds, and a size of the whole ends what was said of roles before. */
export function coalesce(requests: readonly ScaleRequest[]): ScaleRequest {
  let to: number | undefined;
  let roles: Record<string, number> = {};
  for (const request of requests) {
    if (request.to !== undefined) {
      to = request.to;
      roles = {};
    }
    Object.assign(roles, request.roles);
  }
  return { ...(to !== undefined && { to }), roles };
}

/**
 * A wish as a change of the document: a role's size is shared out over its agents.
 *
 * @throws SwarmError SW608 where a name is neither a role nor an agent of the blueprint, or its agents cannot have that size
 */
export function toPatch({ to, roles }: ScaleRequest, agents: Blueprint["agents"]): DesiredStatePatch {
  const limits: ReplicaLimits = {
    agents: agents.map(({ key, count }) => ({ key, min: count.min, max: count.max })),
    minWorkers: 0,
    maxWorkers: Number.MAX_SAFE_INTEGER,
  };
  const counts: Record<string, number> = {};
  for (const [name, size] of Object.entries(roles)) Object.assign(counts, replicasFor(name, size, agents, limits));
  return {
    ...(to !== undefined && { targetWorkers: to }),
    ...(Object.keys(counts).length > 0 && { counts }),
  };
}

function replicasFor(name: string, size: number, agents: Blueprint["agents"], limits: ReplicaLimits): AgentReplicas {
  if (agents.some(({ key }) => key === name)) return { [name]: size };
  const ofRole = agents.filter(({ role }) => role === name).map(({ key }) => key);
  if (ofRole.length > 0) return allocateAmong(ofRole, size, limits);
  const known = [...new Set(agents.map(({ role }) => role)), ...agents.map(({ key }) => key)];
  throw new SwarmError("SW608", `${name} is neither a role nor an agent of this cluster`, {
    hints: [`roles and agents: ${known.join(", ")}`],
    values: { name, known },
  });
}
