import { z } from "zod";
import { isShallow, maxJsonDepth, shallowOrNote } from "../platform/json-depth.ts";
import type { Json } from "../store/json.ts";

const unreadable = "[swarmstack] not shown: not JSON";

/** A JSON document of any size, nested at most 64 deep. */
export const shallowJson: z.ZodType<Json> = z
  .unknown()
  .refine((value) => isShallow(value), { error: `nested over ${maxJsonDepth} deep` })
  .pipe(z.json());

/** A document that was stored: one that is nested too deeply, or is not JSON, is replaced by a note. */
export const storedJson: z.ZodType<Json> = z
  .unknown()
  .transform((value) => shallowOrNote(value))
  .pipe(z.json())
  .catch(unreadable);

/** Parses a stored column for a list; a damaged row must not break it. */
export function readStored(text: string | null): Json {
  try {
    return text === null ? null : shallowOrNote(JSON.parse(text) as Json);
  } catch {
    return unreadable;
  }
}
