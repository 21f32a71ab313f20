import { z } from "zod";
import { SwarmError } from "../../errors.ts";

/** @throws SwarmError SW608 with all problems. */
export function parse<Output>(schema: z.ZodType<Output>, value: unknown): Output {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  throw new SwarmError("SW608", `The request is not valid: ${z.prettifyError(parsed.error)}`, {
    values: { issues: parsed.error.issues },
  });
}
