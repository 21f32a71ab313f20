import pLimit from "p-limit";
import { z } from "zod";
import { latestCheckpoint } from "../../drivers/control/checkpoint-calls.ts";
import { waitForDrained } from "../../drivers/control/directive-calls.ts";
import { SwarmError } from "../../errors.ts";
import { autoscaledAgents } from "../autoscaled.ts";
import { awaitStart } from "../await-start.ts";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, callsAtOnce, instancesOf, reached, resumeAll, type StateRoots } from "../instances.ts";
import type { Run } from "../run.ts";
import { planOf } from "../source.ts";

const rootsSchema = z.record(z.string(), z.string());

/** Whether autoscalers are paused; operations of earlier versions did not record it. */
const wokenSchema = z.object({ standStill: z.boolean() }).catch({ standStill: false });

const graceMs = 60_000;

/**
 * Restarts a hibernated cluster with one update, in the order of `reports_to`. The drain directive of the hibernation stays in force:
 * each instance restores its state and stays idle until the states of all are verified. A second update resumes autoscalers.
 */
export const reactivate = defineOperation({
  kind: "reactivate",
  input: z.object({}),
  request: z.object({}),
  prepare: async () => ({}),
  states: { reactivate: { HIBERNATED: "REACTIVATING" } },
  during: "REACTIVATING",
  isLong: true,
  steps: [
    {
      name: "expect",
      run: async (run) => {
        const [last] = (await run.history("succeeded")).filter(({ kind }) => kind === "hibernate");
        return last === undefined ? {} : run.detailOf(last.id, "checkpoint");
      },
    },
    {
      name: "wake",
      run: async (run) => {
        // Autoscalers would remove replicas that idle until all are restored.
        const standStill = (await autoscaledAgents(run)).length > 0;
        await run.update({ power: "active", ...(standStill && { phase: "waking" }) });
        await awaitStart(run, planOf(run.cluster));
        return { standStill };
      },
      undo: async (run) => void (await run.update({ power: "hibernated", ends: true })),
    },
    { name: "verify", run: verify },
    {
      name: "work",
      final: true,
      run: async (run) => {
        await resumeAll(await reached(run), await agentsOf(run));
        if (wokenSchema.parse(run.detail("wake")).standStill) await run.update({ ends: true });
        return undefined;
      },
    },
  ],
});

async function verify(run: Run): Promise<StateRoots> {
  const driver = await reached(run);
  const expected = rootsSchema.parse(run.detail("expect"));
  // A drained agent saves its state: the checkpoint of an unchanged state has the same root.
  for (const { key } of await agentsOf(run)) {
    const onLook = (done: number, of: number) => run.progress(key, "restoring", done, of);
    await waitForDrained(driver, { agent: key }, { deadlineMs: graceMs, signal: run.signal, onLook });
  }
  const present = new Set((await instancesOf(driver, run.signal)).map(({ id }) => id));
  const wrong: string[] = [];
  await pLimit(callsAtOnce).map(Object.entries(expected), async ([id, root]) => {
    if (!present.has(id)) {
      wrong.push(`${id} is missing`);
      return;
    }
    const found = await latestCheckpoint(driver, id, run.signal);
    if (found.root !== root) wrong.push(`${id} has ${found.root.slice(0, 12)}, hibernated with ${root.slice(0, 12)}`);
  });
  if (wrong.length === 0) return expected;
  const list = wrong.sort().join("; ");
  throw new SwarmError(
    "SW713",
    `the state of ${wrong.length} instances differs from that before the hibernation: ${list}`,
    {
      values: { wrong },
    },
  );
}
