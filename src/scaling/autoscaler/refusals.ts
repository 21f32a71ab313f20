import { z } from "zod";
import type { Store } from "../../store/store.ts";

const outcomeSchema = z
  .array(z.object({ agent: z.string(), ok: z.boolean(), reason: z.string().optional() }))
  .catch([]);

/** How many decisions are searched for the last write of an agent. */
const searched = 50;

/** Why the last write of each agent was not applied; agents whose last write was applied are omitted. */
export async function refusalsOf(
  store: Pick<Store, "scalingDecisions">,
  clusterId: string,
): Promise<ReadonlyMap<string, string>> {
  const last = new Map<string, string | undefined>();
  const { items } = await store.scalingDecisions.list(clusterId, { limit: searched });
  for (const { outcome } of items) {
    for (const { agent, ok, reason } of outcomeSchema.parse(outcome)) {
      if (!last.has(agent)) last.set(agent, ok ? undefined : (reason ?? "without a reason"));
    }
  }
  return new Map([...last].flatMap(([agent, reason]) => (reason === undefined ? [] : [[agent, reason] as const])));
}
