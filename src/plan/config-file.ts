import { canonicalJson } from "../blueprint/digest.ts";
import type { Agent } from "../blueprint/model.ts";

/** The JSON file under SWARM_CONFIG: the settings of an agent that the runtime does not act on. */
export function configFile(agent: Agent): string {
  const { key, role, name, capabilities, reportsTo, model, config, labels, timeoutMs, onPartition, queue } = agent;
  return canonicalJson({
    agent: key,
    role,
    name,
    capabilities,
    reportsTo,
    model,
    config,
    labels,
    timeoutMs,
    onPartition,
    queue,
  });
}
