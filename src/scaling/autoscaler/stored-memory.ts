import { z } from "zod";
import type { Json } from "../../store/json.ts";
import { type AgentMemory, noAgentMemory, type ScalingMemory } from "../decide/memory.ts";

const wantedSchema = z.object({ at: z.number(), count: z.number() });

const agentSchema = z
  .object({
    window: z.array(wantedSchema),
    changedAt: z.number().optional(),
    loweredAt: z.number().optional(),
    patience: z.number().default(noAgentMemory.patience),
    failingSince: z.number().optional(),
    panicUntil: z.number().optional(),
    raise: wantedSchema.optional(),
    startsMs: z.array(z.number()),
  })
  .transform((agent): AgentMemory => ({ ...noAgentMemory, ...agent }));

const memorySchema = z.object({ since: z.number(), agents: z.record(z.string(), agentSchema) });

/**
 * The memory of the autoscaler before, for one that starts now. It keeps windows, cool-downs and learned start times, and begins a
 * window anew: for its length counts may rise or stay, and never fall.
 */
export function memoryAtStart(stored: Json | undefined, now: number): ScalingMemory {
  const { agents = {} } = memorySchema.safeParse(stored).data ?? {};
  return { since: now, agents };
}

/** What of a memory is worth a record: without the times at which the same counts were wanted again. */
export function memorySignature({ agents }: ScalingMemory): string {
  return JSON.stringify(
    Object.entries(agents).map(([agent, { window, ...rest }]) => [agent, window.map(({ count }) => count), rest]),
  );
}
