import { z } from "zod";
import type { ScalingDecisionRow } from "../../store/scaling-decisions.ts";

const signalSchema = z.looseObject({ kind: z.string() });

/** Of a recorded decision, also one of another version: what is shown of it. */
const detailSchema = z.object({
  agents: z.record(
    z.string(),
    z.object({
      from: z.number().optional(),
      to: z.number().optional(),
      wanted: z.number().optional(),
      action: z.string(),
      code: z.string(),
      reason: z.string(),
      proposals: z
        .array(z.object({ signal: z.string(), value: signalSchema, wants: z.number().optional() }))
        .default([]),
      clamps: z.array(z.object({ code: z.string(), reason: z.string() })).default([]),
    }),
  ),
});

const outcomeSchema = z
  .array(z.object({ agent: z.string(), ok: z.boolean(), count: z.number().optional(), reason: z.string().optional() }))
  .catch([]);

export interface ShownDecision extends z.infer<typeof detailSchema> {
  readonly id: string;
  /** Milliseconds since the epoch. */
  readonly at: number;
  readonly causedBy: string;
  readonly outcome: z.infer<typeof outcomeSchema>;
}

/** A recorded decision without its inputs; `agent` leaves out the others. Undefined: nothing of it is left. */
export function shownDecision(row: ScalingDecisionRow, agent: string | undefined): ShownDecision | undefined {
  const { data } = detailSchema.safeParse(row.detail);
  if (data === undefined) return undefined;
  const own = Object.entries(data.agents).filter(([key]) => agent === undefined || key === agent);
  if (own.length === 0) return undefined;
  const outcome = outcomeSchema.parse(row.outcome).filter((one) => agent === undefined || one.agent === agent);
  return { id: row.id, at: row.at, causedBy: row.causedBy, agents: Object.fromEntries(own), outcome };
}

/** Renders a decision: a line for each agent whose count is not simply right, and below it what its signals wanted and which limits changed that. */
export function decisionText({ at, causedBy, agents, outcome }: ShownDecision): string {
  const lines = [`${new Date(at).toISOString()}  (${causedBy})`];
  const news = Object.entries(agents).filter(([, one]) => one.action !== "hold" || one.code !== "steady");
  if (news.length === 0) lines.push("  all counts are right");
  for (const [agent, { from, to, action, code, reason, proposals, clamps }] of news) {
    const count = action === "hold" ? `stays at ${from ?? "?"}` : `${from ?? "?"} -> ${to ?? "?"}`;
    lines.push(`  ${agent} ${count}  ${code}: ${reason}`);
    for (const { signal, value, wants } of proposals) {
      lines.push(`    ${signal} ${shownSignal(value)} wants ${wants ?? "nothing"}`);
    }
    for (const clamp of clamps) lines.push(`    then ${clamp.code}: ${clamp.reason}`);
    const refused = outcome.find((one) => one.agent === agent && !one.ok);
    if (refused !== undefined) lines.push(`    not written: ${refused.reason ?? "without a reason"}`);
  }
  return lines.join("\n");
}

function shownSignal({ kind, value, reason }: z.infer<typeof signalSchema>): string {
  if (kind === "value") return `is ${value}`;
  return kind === "stale" ? `was ${value}` : `is unknown (${reason})`;
}
