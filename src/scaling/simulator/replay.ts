import { decide } from "../decide/decide.ts";
import type { AgentDecision } from "../decide/decision.ts";
import type { Look } from "./simulate.ts";

/** A recorded decision that the present control law does not repeat. */
export interface Difference {
  readonly now: number;
  readonly agent: string;
  readonly recorded: AgentDecision | undefined;
  readonly replayed: AgentDecision | undefined;
}

export interface Recorded extends Pick<Look, "memory" | "observation" | "config" | "now"> {
  /** By agent. */
  readonly agents: Readonly<Record<string, AgentDecision>>;
}

/** Decides again what was decided, and returns the differences. */
export function replay(recorded: readonly Recorded[]): readonly Difference[] {
  return recorded.flatMap(({ memory, observation, config, now, agents }) => {
    const again = decide(memory, observation, config, now).agents;
    return [...new Set([...Object.keys(agents), ...Object.keys(again)])].flatMap((agent): Difference[] => {
      const [before, after] = [agents[agent], again[agent]];
      const isSame = before?.to === after?.to && before?.wanted === after?.wanted && before?.code === after?.code;
      return isSame ? [] : [{ now, agent, recorded: before, replayed: after }];
    });
  });
}
