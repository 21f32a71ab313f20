import type { Signal as BlueprintSignal } from "../../blueprint/model.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import { selectorsOf } from "../../tasks/selector.ts";

/** What the sources have to know of an agent. */
export interface ObservedAgent {
  readonly key: string;
  /** Name of its resources. */
  readonly resource: string;
  /** Of the tasks that its instances may take: `agent:<key>`, `role:<role>`, `capability:<word>`. */
  readonly selectors: readonly string[];
  /** Cores that one instance requests. */
  readonly cores: number;
  readonly max: number;
  /** Empty: its count is not ours. */
  readonly signals: readonly BlueprintSignal[];
}

export function observedAgents(agents: readonly AgentPlan[]): readonly ObservedAgent[] {
  return agents.map(({ key, resource, role, capabilities, count, resources, scaling }) => ({
    ...{ key, resource, cores: resources.cpuMillis / 1000, max: count.max },
    selectors: selectorsOf({ agent: key, role, capabilities: capabilities.map((name) => name.normalize("NFC")) }),
    signals: scaling.kind === "swarmstack" ? (scaling.scaling?.signals ?? []) : [],
  }));
}
