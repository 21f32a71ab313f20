import { z } from "zod";
import { autostopSchema } from "../../plan/autostop.ts";
import { toJson } from "../../store/json.ts";
import { defineOperation } from "../executor/definition.ts";

/** null: the rules of the blueprint apply. */
const requestSchema = z.object({ autostop: autostopSchema.nullable() });

/** Records when a cluster hibernates by itself (`Autostop`). Does not affect its agents. */
export const autostop = defineOperation({
  kind: "autostop",
  input: requestSchema,
  request: requestSchema,
  prepare: async (input) => input,
  states: { autostop: { ACTIVE: "ACTIVE", HIBERNATED: "HIBERNATED" } },
  during: "ACTIVE",
  steps: [
    { name: "before", run: async (run) => toJson({ autostop: (await run.record())?.autostop ?? null }) },
    {
      name: "update",
      run: async (run) => {
        await run.update({ autostop: requestSchema.parse(run.operation.wishAfter).autostop });
        return undefined;
      },
      undo: async (run) => void (await run.update({ autostop: requestSchema.parse(run.detail("before")).autostop })),
    },
  ],
});
