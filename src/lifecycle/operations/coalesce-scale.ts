import { z } from "zod";
import type { Blueprint } from "../../blueprint/model.ts";
import { SwarmError } from "../../errors.ts";
import { type AgentReplicas, allocateAmong, type ReplicaLimits } from "../../plan/allocate.ts";
import type { DesiredStatePatch } from "../../plan/desired-state.ts";

/** A requested size of the cluster, of roles or of agents. */
export const scaleRequestSchema = z.object({
  to: z.number().int().min(0).optional(),
  /** Sizes by role or by key of an agent. */
  roles: z.record(z.string(), z.number().int().min(0)).default({}),
  /** Pins the requested counts until this time, or without an end; absent: autoscalers may change them. */
  pin: z.object({ until: z.number().optional() }).optional(),
});
export type ScaleRequest = z.infer<typeof scaleRequestSchema>;

/**
 * Coalesces requests, oldest first: later sizes win, and a size of the cluster discards earlier sizes of roles. A user's request
 * pins its counts and discards requests of autoscalers.
 */
export function coalesce(requests: readonly ScaleRequest[]): ScaleRequest {
  let to: number | undefined;
  let roles: Record<string, number> = {};
  const pinned = requests.filter(({ pin }) => pin !== undefined);
  const pin = pinned.at(-1)?.pin;
  for (const request of pin === undefined ? requests : pinned) {
    if (request.to !== undefined) {
      to = request.to;
      roles = {};
    }
    Object.assign(roles, request.roles);
  }
  return { ...(to !== undefined && { to }), roles, ...(pin && { pin }) };
}

/**
 * Converts a request to a patch of the desired state; the size of a role is allocated to its agents.
 *
 * @throws SwarmError SW608 for a name that is neither a role nor an agent, or a size outside the limits of its agents
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
