import { SwarmError } from "../../errors.ts";
import { type PoolOwner, type PoolSpec, sameOwner } from "../pool.ts";

/** @throws SwarmError SW703 when a pool is another owner's. */
export function refuseOthers(present: PoolSpec, owner: PoolOwner): void {
  if (sameOwner(present.owner, owner)) return;
  throw new SwarmError("SW703", `Agent ${present.agent} is owned by ${present.owner.urn}, not by ${owner.urn}.`, {
    hints: [`Remove it where it was declared (stack ${present.owner.uid}), or choose another name.`],
    values: { agent: present.agent, present: present.owner, wished: owner },
  });
}
