import { z } from "zod";
import { chooseState, listSavedStates, withdrawChoice } from "../../drivers/control/checkpoint-calls.ts";
import { SwarmError } from "../../errors.ts";
import { toJson } from "../../store/json.ts";
import { defineOperation } from "../executor/definition.ts";
import { agentsOf, instancesOf, reached } from "../instances.ts";
import { restartAll, restartTargetSchema, selectTargets, withdrawDrain } from "../rolling-restart.ts";
import type { Run } from "../run.ts";

const requestSchema = z.object({
  instance: z.string(),
  /** Root hash of a saved state, or its beginning. */
  root: z.string(),
});

const chosenSchema = z.object({ target: restartTargetSchema, root: z.string() });

/**
 * Restores a saved state of an instance: drains and stops the instance, which receives the state when it registers again. Keeps
 * the state from before as the previous one.
 */
export const restore = defineOperation({
  kind: "restore",
  input: requestSchema,
  request: requestSchema,
  prepare: async (input) => input,
  states: { restore: { ACTIVE: "ACTIVE" } },
  during: "ACTIVE",
  isLong: true,
  steps: [
    {
      name: "choose",
      undoes: true,
      run: async (run) => {
        const { instance, root } = requestSchema.parse(run.operation.wishAfter);
        const driver = await reached(run);
        const [target] = selectTargets(await instancesOf(driver, run.signal), instance);
        const found = (await listSavedStates(driver, run.signal)).filter((one) => one.instance === instance);
        const matching = new Set(found.map((one) => one.root).filter((one) => one.startsWith(root)));
        const [chosen, ...others] = matching;
        if (target === undefined || chosen === undefined || others.length > 0) {
          const known = found.map((one) => one.root.slice(0, 12)).join(", ") || "none";
          throw new SwarmError("SW705", `${instance} has no saved state ${root} (saved: ${known})`, {
            hints: ["list them: swarmctl checkpoint list"],
            values: { instance, root },
          });
        }
        await chooseState(driver, instance, chosen, run.signal);
        return toJson({ target, root: chosen });
      },
      undo: async (run) => withdrawChoice(await reached(run), requestSchema.parse(run.operation.wishAfter).instance),
    },
    {
      name: "restart",
      undoes: true,
      run: async (run) => {
        const { target } = chosenSchema.parse(run.detail("choose"));
        const driver = await reached(run);
        await restartAll({ driver, agents: await agentsOf(run), targets: [target], parallel: 1 }, run);
        return undefined;
      },
      undo: async (run) => {
        const { instance } = requestSchema.parse(run.operation.wishAfter);
        await withdrawDrain(await reached(run), instance);
      },
    },
    { name: "verify", undoes: true, run: verify },
  ],
});

/** @throws SwarmError SW713 when the instance did not restore the state, for example because it does not register */
async function verify(run: Run) {
  const { target, root } = chosenSchema.parse(run.detail("choose"));
  const states = await listSavedStates(await reached(run), run.signal);
  if (!states.some(({ instance, isChosen }) => instance === target.id && isChosen)) return { root };
  throw new SwarmError(
    "SW713",
    `${target.id} has restarted, but has not registered for its state ${root.slice(0, 12)}`,
    {
      values: { instance: target.id, root },
    },
  );
}
