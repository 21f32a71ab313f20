import { z } from "zod";
import { countTasks } from "../../drivers/control/task-calls.ts";
import { SwarmError } from "../../errors.ts";
import { autoscaledReplicas } from "../autoscaled.ts";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, drainAll, reached, resumeAll, verifyCheckpoints, waitUntilNothingRuns } from "../instances.ts";
import type { Run } from "../run.ts";

/** `ifIdle`: fail if the cluster has tasks. */
const requestSchema = z.object({ ifIdle: z.boolean().default(false) });

/** Replicas that autoscalers had set when they were paused; operations of earlier versions recorded none. */
const openedSchema = z.object({ counts: z.record(z.string(), z.number()) }).catch({ counts: {} });

/**
 * Saves the state of all instances and scales a cluster to zero. All or nothing: no instance stops before the state of every
 * instance is saved and verified, and a failure resumes all agents. The desired replicas are kept. Autoscalers are paused from the
 * first step on (src/plan/desired-state.ts).
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
      // From here on the stack rejects updates and destroys by other programs.
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

/** With `ifIdle`, rejects open tasks. All agents are drained, so a task that arrived since the idle check is waiting. @throws SwarmError SW620 */
async function refuseWork(run: Run): Promise<void> {
  if (!requestSchema.parse(run.operation.wishAfter).ifIdle) return;
  const { total } = await countTasks(await reached(run), run.signal);
  const open = total.waiting + total.leased;
  if (open === 0) return;
  throw new SwarmError("SW620", `cluster ${run.cluster.name} is no longer idle: it has ${open} open tasks`, {
    values: { cluster: run.cluster.name, open },
  });
}
