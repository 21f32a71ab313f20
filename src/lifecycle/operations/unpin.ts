import { z } from "zod";
import { type PinChanges, pinsSchema } from "../../plan/pins.ts";
import { toJson } from "../../store/json.ts";
import { defineOperation } from "../executor/definition.ts";

/** Keys of agents; absent: all. */
const requestSchema = z.object({ agents: z.array(z.string()).optional() });

const beforeSchema = z.object({ pins: pinsSchema });

/** Releases pinned counts, so that autoscalers may change them again. Changes no count itself. */
export const unpin = defineOperation({
  kind: "unpin",
  input: requestSchema,
  request: requestSchema,
  prepare: async (input) => input,
  states: { unpin: { ACTIVE: "ACTIVE", HIBERNATED: "HIBERNATED" } },
  during: "ACTIVE",
  steps: [
    { name: "before", run: async (run) => toJson({ pins: (await run.record())?.pins ?? {} }) },
    {
      name: "update",
      run: async (run) => {
        const { agents } = requestSchema.parse(run.operation.wishAfter);
        const { pins } = beforeSchema.parse(run.detail("before"));
        const released = Object.keys(pins).filter((key) => agents === undefined || agents.includes(key));
        const changes: PinChanges = Object.fromEntries(released.map((key) => [key, null]));
        if (released.length > 0) await run.update({ pins: changes });
        return toJson({ released });
      },
      undo: async (run) => void (await run.update({ pins: beforeSchema.parse(run.detail("before")).pins })),
    },
  ],
});
