import { z } from "zod";
import { countTasks } from "../../drivers/control/task-calls.ts";
import { SwarmError } from "../../errors.ts";
import { autoscaledReplicas } from "../autoscaled.ts";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, drainAll, reached, resumeAll, verifyCheckpoints, waitUntilNothingRuns } from "../instances.ts";
import type { Run } from "../run.ts";

/** `ifIdle`: not when there is work for it after all. */
const requestSchema = z.object({ ifIdle: z.boolean().default(false) });

/** Counts that autoscalers had written when they came to stand; operations from before they did recorded nothing. */
const openedSchema = z.object({ counts: z.record(z.string(), z.number()) }).catch({ counts: {} });

/**
 * All or nothing: until the state of every instance is saved and has been read back, nothing has ended, and a failure
 * brings all back to work. Then the counts fall to nothing; what they were is kept. Autoscalers stand still from the first
 * step on (src/plan/desired-state.ts).
 */
export const hibernate = defineOperation({
  kind: "hibernate",
  input: requestSchema,
  request: requestSchema,
  prepare: async (input) => input,
  states: { hibernate: { ACTIVE: "HIBERNATING" } },
  during: "HIBERNATING",
  isLong: true,
  steps: [
    {
      // No program of anybody else runs from here on, and no destroy by hand.
      name: "open",
      undoes: true,
      run: async (run) => {
        await run.update({ phase: "hibernating" });
        return { counts: await autoscaledReplicas(run) };
      },
      undo: async (run) => void (await run.update({ ends: true })),
    },
    {
      name: "drain",
      undoes: true,
      run: async (run) => {
        await drainAll(await reached(run), await agentsOf(run), run);
        await refuseWork(run);
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
        const { counts } = openedSchema.parse(run.detail("open"));
        await run.update({ power: "hibernated", ends: true, ...(Object.keys(counts).length > 0 && { counts }) });
        await waitUntilNothingRuns(await run.driver(), await agentsOf(run), run);
        return undefined;
      },
      undo: async (run) => void (await run.update({ power: "active" })),
    },
  ],
});

/** Nobody takes tasks any more: one that has come since the cluster was found idle waits now. */
async function refuseWork(run: Run): Promise<void> {
  if (!requestSchema.parse(run.operation.wishAfter).ifIdle) return;
  const { total } = await countTasks(await reached(run), run.signal);
  const open = total.waiting + total.leased;
  if (open === 0) return;
  throw new SwarmError("SW620", `cluster ${run.cluster.name} is not idle any more: ${open} tasks have come`, {
    values: { cluster: run.cluster.name, open },
  });
}
