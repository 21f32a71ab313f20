import { SwarmError } from "../../errors.ts";
import type { Driver } from "../../runtime/drivers/driver.ts";
import { drainAll, resumeAll, verifyCheckpoints } from "../instances.ts";
import type { Run, Step } from "../run.ts";
import { readSource, sourceOf } from "../source.ts";

/**
 * All or nothing: until the state of every instance is saved and has been read back, nothing has ended, and a failure
 * brings all back to work. Then the counts fall to nothing; what they were is kept.
 */
export const hibernate: readonly Step[] = [
  {
    // No program of anybody else runs from here on, and no destroy by hand.
    name: "open",
    undoes: true,
    run: async (run) => {
      await run.update({ phase: "hibernating" });
      return undefined;
    },
    undo: async (run) => void (await run.update({ ends: true })),
  },
  {
    name: "drain",
    undoes: true,
    run: async (run) => {
      await drainAll(await reached(run), await agentsOf(run), run);
      return undefined;
    },
    undo: async (run) => resumeAll(await reached(run), await agentsOf(run)),
  },
  {
    name: "checkpoint",
    undoes: true,
    run: async (run) => verifyCheckpoints(await reached(run), await agentsOf(run), run),
  },
  {
    name: "sleep",
    run: async (run) => {
      await run.update({ power: "hibernated", ends: true });
      return undefined;
    },
    undo: async (run) => void (await run.update({ power: "active" })),
  },
];

export async function agentsOf({ cluster }: Run) {
  const { agents } = await readSource(sourceOf(cluster), undefined);
  return agents.map(({ key, drainMs, state }) => ({ key, stopTimeoutMs: drainMs, state }));
}

/** @throws SwarmError SW704 when nothing of the cluster can be reached */
export async function reached(run: Run): Promise<Driver> {
  const driver = await run.driver();
  if (driver !== undefined) return driver;
  throw new SwarmError("SW704", `the agents of cluster ${run.cluster.name} cannot be reached from here`);
}
