import pLimit from "p-limit";
import { z } from "zod";
import { latestCheckpoint } from "../../drivers/control/checkpoint-calls.ts";
import { waitForDrained } from "../../drivers/control/directive-calls.ts";
import { SwarmError } from "../../errors.ts";
import { autoscaledAgents } from "../autoscaled.ts";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, callsAtOnce, instancesOf, type Roots, reached, resumeAll } from "../instances.ts";
import type { Run } from "../run.ts";

const rootsSchema = z.record(z.string(), z.string());

/** Operations from before there could be autoscalers recorded nothing. */
const wokenSchema = z.object({ standStill: z.boolean() }).catch({ standStill: false });

const graceMs = 60_000;

/**
 * One update, superiors first. The drain of the hibernation still stands: whoever starts restores its state and stays
 * idle until all have shown that it is the one they fell asleep with. Where there are autoscalers, another update lets them go
 * on at the very end.
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
        // They would take for surplus whoever waits for the others.
        const standStill = (await autoscaledAgents(run)).length > 0;
        await run.update({ power: "active", ...(standStill && { phase: "waking" }) });
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

async function verify(run: Run): Promise<Roots> {
  const driver = await reached(run);
  const expected = rootsSchema.parse(run.detail("expect"));
  // An agent that is told to drain saves what it knows now: with what it knew then, that is the same checkpoint.
  for (const { key } of await agentsOf(run)) {
    const onLook = (done: number, of: number) => run.progress(key, "restoring", done, of);
    await waitForDrained(driver, { agent: key }, { deadlineMs: graceMs, signal: run.signal, onLook });
  }
  const present = new Set((await instancesOf(driver, run.signal)).map(({ id }) => id));
  const wrong: string[] = [];
  await pLimit(callsAtOnce).map(Object.entries(expected), async ([id, root]) => {
    if (!present.has(id)) {
      wrong.push(`${id} is not there`);
      return;
    }
    const found = await latestCheckpoint(driver, id, run.signal);
    if (found.root !== root) wrong.push(`${id} has ${found.root.slice(0, 12)}, fell asleep with ${root.slice(0, 12)}`);
  });
  if (wrong.length === 0) return expected;
  const list = wrong.sort().join("; ");
  throw new SwarmError("SW713", `the state of ${wrong.length} instances is not that of before: ${list}`, {
    values: { wrong },
  });
}
