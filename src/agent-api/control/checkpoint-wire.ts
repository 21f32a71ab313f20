import { z } from "zod";
import type { SavedState } from "../checkpoints/store.ts";

const savedStateSchema: z.ZodType<SavedState> = z.object({
  instance: z.string(),
  root: z.string(),
  seq: z.number(),
  epoch: z.number(),
  bytes: z.number(),
  savedAtMs: z.number(),
  isLatest: z.boolean(),
  isChosen: z.boolean(),
});

/** The saved states of all instances of a cluster. */
export const savedStatesSchema = z.object({ items: z.array(savedStateSchema) });
