import { SwarmError } from "../../errors.ts";
import { instancesOf, reached } from "../instances.ts";
import type { Run } from "../run.ts";

/**
 * Only who speaks the agent API can be made to wait for its turn: of one that does not, two would work at the same time, and what it
 * knows is in files that nobody reads.
 *
 * @throws SwarmError SW625 with those that have not registered, SW704 when nobody answers for the cluster
 */
export async function refuseUnmovable(run: Run): Promise<void> {
  const instances = await instancesOf(await reached(run), run.signal);
  const silent = instances.filter(({ epoch, state }) => epoch === undefined && state === "running").map(({ id }) => id);
  if (silent.length === 0) return;
  throw new SwarmError("SW625", `${silent.length} instances do not speak the agent API: ${silent.join(", ")}`, {
    hints: ["an agent that registers can be moved; these can be taken down here, and brought up there"],
    values: { silent },
  });
}
