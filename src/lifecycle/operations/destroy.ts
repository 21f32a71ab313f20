import { join } from "node:path";
import { z } from "zod";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, drainAll } from "../instances.ts";
import { writeArchive } from "../records/archive.ts";
import type { Run } from "../run.ts";

const destroyRequestSchema = z.object({
  /** Whether to skip the archive. */
  purge: z.boolean(),
  /** Folder of archives. */
  archives: z.string(),
});

/** Destroys a cluster; cannot be rolled back. */
export const destroy = defineOperation({
  kind: "destroy",
  input: z.object({ purge: z.boolean() }),
  request: destroyRequestSchema,
  prepare: async ({ purge }, { settings }) => ({ purge, archives: join(settings.home, "archive") }),
  states: {
    destroy: {
      PLANNING: "DESTROYING",
      SPAWNING: "DESTROYING",
      ACTIVE: "DESTROYING",
      SCALING_UP: "DESTROYING",
      SCALING_DOWN: "DESTROYING",
      HIBERNATING: "DESTROYING",
      HIBERNATED: "DESTROYING",
      REACTIVATING: "DESTROYING",
      MIGRATING: "DESTROYING",
      DESTROYING: "DESTROYING",
      FAILED: "DESTROYING",
    },
  },
  during: "DESTROYING",
  supersedes: true,
  failed: "DESTROYING",
  forgetsLogs: ({ purge }) => purge,
  steps: [
    { name: "drain", final: true, run: drainReachable },
    {
      name: "archive",
      final: true,
      run: async (run) => {
        const { purge, archives } = destroyRequestSchema.parse(run.operation.wishAfter);
        return purge ? undefined : { folder: await writeArchive(run, archives) };
      },
    },
    {
      name: "destroy",
      final: true,
      run: async (run) => {
        const result = await run.destroy();
        // The inactive stacks: sources and destinations of migrations.
        for (const stack of await run.otherStacks()) {
          await run.destroy(stack);
          await run.releaseStack(stack);
        }
        await run.releaseStack(run.cluster.activeStack);
        return result && { changes: { ...result.changes } };
      },
    },
  ],
});

/** Drains the agents so that the archive contains their last state; an agent that is unreachable or hangs does not block the operation. */
async function drainReachable(run: Run) {
  const { purge } = destroyRequestSchema.parse(run.operation.wishAfter);
  if (purge || run.cluster.blueprintText === null) return undefined;
  try {
    const driver = await run.driver();
    if (driver !== undefined && (await driver.status(run.signal))?.api !== undefined) {
      await drainAll(driver, await agentsOf(run), run);
    }
  } catch (error) {
    if (run.signal.aborted) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    run.note(`not all agents are drained: ${reason}`);
    return { reason };
  }
  return undefined;
}
