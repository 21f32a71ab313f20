import { z } from "zod";
import { openDriver } from "../../drivers/open-driver.ts";
import { SwarmError } from "../../errors.ts";
import { readCluster } from "../../stacks/state.ts";
import { toJson } from "../../store/json.ts";
import { defineOperation, type Judged } from "../executor/definition.ts";
import { agentsOf, instancesOf, reached } from "../instances.ts";
import { restartAll, restartTargetSchema, selectTargets, withdrawDrain } from "../rolling-restart.ts";
import type { Run } from "../run.ts";

const requestSchema = z.object({
  /** An agent or an instance; default: all. */
  only: z.string().optional(),
  /** Maximum number of instances that are down at once. */
  parallel: z.int().positive().default(1),
});

const listedSchema = z.object({ targets: z.array(restartTargetSchema) });

/**
 * Restarts instances one after another, with their state. Stops at a failure: the drained instance resumes work, and the
 * remaining ones are not restarted.
 */
export const restart = defineOperation({
  kind: "restart",
  input: requestSchema,
  request: requestSchema,
  prepare: async (input) => input,
  states: { restart: { ACTIVE: "ACTIVE" } },
  during: "ACTIVE",
  // A drained instance must resume work first.
  isLong: true,
  judge: refuseUnknown,
  steps: [
    {
      name: "list",
      undoes: true,
      run: async (run) => {
        const { only } = requestSchema.parse(run.operation.wishAfter);
        return toJson({ targets: selectTargets(await instancesOf(await reached(run), run.signal), only) });
      },
    },
    {
      name: "restart",
      undoes: true,
      run: async (run) => {
        const { parallel } = requestSchema.parse(run.operation.wishAfter);
        const { targets } = listedSchema.parse(run.detail("list"));
        await restartAll({ driver: await reached(run), agents: await agentsOf(run), targets, parallel }, run);
        return { restarted: targets.length };
      },
      undo: endDrains,
    },
  ],
});

async function endDrains(run: Run): Promise<void> {
  const driver = await reached(run);
  for (const { id } of listedSchema.parse(run.detail("list")).targets) await withdrawDrain(driver, id);
}

/** Rejects a name that no agent or instance has, before anything is written. @throws SwarmError SW705 */
async function refuseUnknown({ cluster, request, options }: Judged<z.output<typeof requestSchema>>): Promise<void> {
  if (request.only === undefined || cluster.status !== "ACTIVE") return;
  const { settings, engine } = options;
  const record = await readCluster(settings, engine, cluster.activeStack);
  const driver = record && (await openDriver(record));
  if (driver === undefined) {
    throw new SwarmError("SW704", `the agents of cluster ${cluster.name} are not reachable from here`);
  }
  try {
    selectTargets(await instancesOf(driver, new AbortController().signal), request.only);
  } finally {
    driver.close();
  }
}
