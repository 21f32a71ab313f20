import type { AgentDecision } from "../decide/decision.ts";

/** A decision that writes a count. */
export type CountChange = AgentDecision & { readonly to: number };

export function changesOf(agents: Readonly<Record<string, AgentDecision>>): readonly CountChange[] {
  return Object.values(agents).flatMap((one) =>
    one.action !== "hold" && one.to !== undefined && one.to !== one.from ? [{ ...one, to: one.to }] : [],
  );
}

/**
 * What decisions say, without the measured values: while this stays the same, nothing is recorded.
 * The sentence of a reason has values that change at each look, and so does a proposal.
 */
export function signatureOf(agents: Readonly<Record<string, AgentDecision>>): string {
  return JSON.stringify(
    Object.values(agents).map(({ agent, from, to, action, code }) => [agent, from ?? null, to ?? null, action, code]),
  );
}
