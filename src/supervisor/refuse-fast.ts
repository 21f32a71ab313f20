import type { AgentDatabase } from "../agent-api/database/database.ts";
import type { FastCount } from "../agent-api/status.ts";
import type { Pool } from "./pool.ts";

/** Why a count was not applied: another desired state, an operation of the cluster, or a person. */
export interface FastRefusal {
  readonly because: "moved-on" | "operation" | "pinned";
  readonly reason: string;
}

/**
 * Why the count of an autoscaler is not applied; undefined if it is. It must have been decided for the pool's current generation, and
 * no operation may be draining, holding or moving its instances.
 */
export function refuseFast(
  { spec, removing, fast }: Pick<Pool, "spec" | "removing" | "fast">,
  uid: string,
  { generation, seq }: FastCount,
  { directives, writeFence }: Pick<AgentDatabase, "directives" | "writeFence">,
  nowMs: number,
): FastRefusal | undefined {
  if (spec.owner.uid !== uid) return movedOn("it belongs to another cluster");
  if (removing) return movedOn("it is being removed");
  if (spec.generation !== generation) return movedOn(`its generation is ${spec.generation}, not ${generation}`);
  if (fast?.generation === generation && fast.seq >= seq) return movedOn(`write ${fast.seq} came before write ${seq}`);
  if (writeFence.fencedFor !== undefined) return { because: "operation", reason: "the cluster is being migrated" };
  if (spec.pin !== undefined && (spec.pin.untilMs ?? Number.POSITIVE_INFINITY) > nowMs) {
    return { because: "pinned", reason: "a person set its count" };
  }
  const directive = directives.inForce(spec.agent, "");
  if (directive === undefined) return undefined;
  return { because: "operation", reason: `its instances are told to ${directive.kind}` };
}

function movedOn(reason: string): FastRefusal {
  return { because: "moved-on", reason };
}
