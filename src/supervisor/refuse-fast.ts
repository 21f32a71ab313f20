import type { AgentDatabase } from "../agent-api/database/database.ts";
import type { FastCount } from "../agent-api/status.ts";
import type { Pool } from "./pool.ts";

/**
 * Why the count of an autoscaler is not applied; undefined: it is. It must have been decided for the pool's current generation, and
 * no operation may be draining, holding or moving its instances.
 */
export function refuseFast(
  { spec, removing, fast }: Pick<Pool, "spec" | "removing" | "fast">,
  uid: string,
  { generation, seq }: FastCount,
  { directives, writeFence }: Pick<AgentDatabase, "directives" | "writeFence">,
  nowMs: number,
): string | undefined {
  if (spec.owner.uid !== uid) return "it belongs to another cluster";
  if (removing) return "it is being removed";
  if (spec.generation !== generation) return `its generation is ${spec.generation}, not ${generation}`;
  if (fast?.generation === generation && fast.seq >= seq) return `write ${fast.seq} came before write ${seq}`;
  if (writeFence.fencedFor !== undefined) return "the cluster is being migrated";
  if (spec.pin !== undefined && (spec.pin.untilMs ?? Number.POSITIVE_INFINITY) > nowMs) return "a person set its count";
  const directive = directives.inForce(spec.agent, "");
  return directive === undefined ? undefined : `its instances are told to ${directive.kind}`;
}
