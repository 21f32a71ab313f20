import pLimit from "p-limit";
import { z } from "zod";
import { latestCheckpoint } from "../../drivers/control/checkpoint-calls.ts";
import { waitForDrained } from "../../drivers/control/directive-calls.ts";
import { SwarmError } from "../../errors.ts";
import type { Operation } from "../../store/operations.ts";
import { autoscaledAgents } from "../autoscaled.ts";
import { awaitStart } from "../await-start.ts";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, callsAtOnce, instancesOf, reached, resumeAll, type StateRoots } from "../instances.ts";
import type { Run } from "../run.ts";
import { planOf } from "../source.ts";

const rootsSchema = z.record(z.string(), z.string());

/** Whether autoscalers are paused; operations of earlier versions did not record it. */
const wokenSchema = z.object({ standStill: z.boolean() }).catch({ standStill: false });

/** `acceptState`: accepts the agents' present states, even if they differ from those saved at the hibernation. */
const requestSchema = z.object({ acceptState: z.boolean().optional() });

const graceMs = 60_000;

/**
 * Restarts a hibernated cluster with one update, in the order of `reports_to`. The drain directive of the hibernation stays in force:
 * each instance restores its state and stays idle until the states of all are verified. A second update resumes autoscalers.
 */
export const reactivate = defineOperation({
  kind: "reactivate",
  input: requestSchema,
  request: requestSchema,
  prepare: async (input) => input,
  states: { reactivate: { HIBERNATED: "REACTIVATING" } },
  during: "REACTIVATING",
  isLong: true,
  steps: [
    {
      name: "expect",
      run: async (run) => {
        const [last] = (await run.history("succeeded")).filter(({ kind }) => kind === "hibernate");
        if (last === undefined) return {};
        const saved = rootsSchema.parse(await run.detailOf(last.id, "checkpoint"));
        const undone = (await run.history("rolled-back")).filter(
          ({ id, kind }) => kind === "reactivate" && id > last.id,
        );
        return { ...expectedRoots(saved, undone) };
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

/**
 * Roots that instances must restore; "" for any. After a reactivation was rolled back, agents may have saved again with
 * other bytes, unless it was rolled back because their states differed.
 */
export function expectedRoots(saved: StateRoots, rolledBack: readonly Pick<Operation, "error">[]): StateRoots {
  const differed = rolledBack.some(({ error }) => differedSchema.safeParse(error).success);
  if (rolledBack.length === 0 || differed) return saved;
  return Object.fromEntries(Object.keys(saved).map((id) => [id, ""]));
}

const differedSchema = z.object({ code: z.literal("SW713") });

async function verify(run: Run): Promise<StateRoots> {
  const driver = await reached(run);
  const expected = rootsSchema.parse(run.detail("expect"));
  // The drain directive of the hibernation is in force, so the agents stay idle.
  for (const { key } of await agentsOf(run)) {
    const onLook = (done: number, of: number) => run.progress(key, "restoring", done, of);
    await waitForDrained(driver, { agent: key }, { deadlineMs: graceMs, signal: run.signal, onLook });
  }
  const present = new Map((await instancesOf(driver, run.signal)).map((one) => [one.id, one]));
  const wrong: string[] = [];
  await pLimit(callsAtOnce).map(Object.entries(expected), async ([id, root]) => {
    const instance = present.get(id);
    if (instance === undefined) {
      wrong.push(`${id} is missing`);
      return;
    }
    // A drained agent that saves again may save other bytes, so the state that it received is compared.
    if (root === "" || instance.restored === root) return;
    const latest = await latestCheckpoint(driver, id, run.signal);
    if (latest.root === root) return;
    const found = instance.restored ?? latest.root;
    wrong.push(`${id} has ${found.slice(0, 12)}, hibernated with ${root.slice(0, 12)}`);
  });
  if (wrong.length === 0) return expected;
  const list = wrong.sort().join("; ");
  if (requestSchema.parse(run.operation.wishAfter).acceptState) {
    run.note(`accepted: ${list}`);
    return expected;
  }
  const { name } = run.cluster;
  throw new SwarmError(
    "SW713",
    `the state of ${wrong.length} instances differs from that before the hibernation: ${list}`,
    {
      hints: [`roll it back, then accept the states as they are: swarmctl reactivate ${name} --accept-state`],
      values: { wrong },
    },
  );
}
