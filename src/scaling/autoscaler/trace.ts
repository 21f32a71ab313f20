import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import type { Recorded } from "../simulator/replay.ts";

/** What is read before a decision is made again; the rest is compared, not interpreted. */
const recordedSchema = z.looseObject({
  memory: z.looseObject({ since: z.number(), agents: z.record(z.string(), z.unknown()) }),
  observation: z.looseObject({ at: z.number(), agents: z.record(z.string(), z.unknown()) }),
  config: z.looseObject({ agents: z.array(z.unknown()) }),
  now: z.number(),
  agents: z.record(z.string(), z.unknown()),
});

/** Parses a line of a trace: a decision with all that it was made from. @throws SwarmError SW651 */
export function parseRecorded(text: string, line: number): Recorded {
  try {
    return recordedSchema.parse(JSON.parse(text)) as unknown as Recorded;
  } catch (error) {
    const reason = error instanceof z.ZodError ? z.prettifyError(error) : String(error);
    throw new SwarmError("SW651", `line ${line} of the trace is no recorded decision: ${reason}`, { values: { line } });
  }
}
