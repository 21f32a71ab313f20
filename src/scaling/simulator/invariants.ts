import type { Look, Outcome, Simulation } from "./simulate.ts";

/** A look that breaks a rule of the control law. */
export interface Violation {
  readonly rule: string;
  readonly look: Look;
}

/** Checks the rules that hold for every trace; empty: all hold. */
export function violations({ looks }: Pick<Outcome, "looks">, { min, max, rules }: Simulation): readonly Violation[] {
  const found: Violation[] = [];
  let changedAt: number | undefined;
  for (const look of looks) {
    const { decision, observation, memory, now } = look;
    const { from = 0, to = from } = decision;
    const seen = observation.agents[decision.agent];
    const busy = seen?.live?.busy ?? 0;
    const isLower = to < from;
    const break_ = (rule: string) => found.push({ rule, look });
    if (to > Math.max(max, busy) || to < Math.min(min, from)) break_("within min and max");
    if (isLower && seen?.signals.some(({ kind }) => kind !== "value")) break_("unknown never lowers");
    if (isLower && to < busy) break_("busy instances stay");
    if (isLower && changedAt !== undefined && now - changedAt < rules.cooldownMs)
      break_("no decrease within the cool-down");
    if (isLower && now - memory.since < rules.windowMs) break_("no decrease within a window of the start");
    if (rules.maxStep !== undefined && Math.abs(to - from) > Math.max(rules.maxStep, min - from)) break_("max_step");
    if (to !== from) changedAt = now;
  }
  return found;
}
