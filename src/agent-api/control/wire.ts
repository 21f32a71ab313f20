import { z } from "zod";
import { catalogue, type ErrorCode, fromSerialized, type SwarmError } from "../../errors.ts";

const serializedError = z.object({
  code: z.string().refine((code): code is ErrorCode => code in catalogue),
  message: z.string(),
  hints: z.array(z.string()).default([]),
  values: z.record(z.string(), z.unknown()).default({}),
});

/** The error that a supervisor sent as JSON; undefined when the text is none. */
export function parseError(text: string): SwarmError | undefined {
  const error = serializedError.safeParse(parseJson(text));
  return error.success ? fromSerialized({ ...error.data, family: catalogue[error.data.code].family }) : undefined;
}

/** undefined when the text is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
