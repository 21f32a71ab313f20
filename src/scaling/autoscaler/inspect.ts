import { toSwarmError } from "../../errors.ts";
import { scalerOf } from "../../lifecycle/records/scaler-lease.ts";
import type { Cluster } from "../../store/clusters.ts";
import type { ScalingPause } from "../../store/scaling-pauses.ts";
import type { Store } from "../../store/store.ts";
import type { AgentScaling, ScalingConfig } from "../decide/config.ts";
import { decide } from "../decide/decide.ts";
import { noAgentMemory, startTimeOf } from "../decide/memory.ts";
import { type AgentFacts, type Condition, conditionsOf } from "./conditions.ts";
import { refusalsOf } from "./refusals.ts";
import { isAttended, type OpenScaledCluster, type ScaledCluster } from "./scaled-cluster.ts";
import { memoryAtStart } from "./stored-memory.ts";

interface InspectedAgent extends AgentFacts, Pick<AgentScaling, "min" | "max"> {
  /** Within which nine of ten raises were up; undefined: none was observed yet. */
  readonly startMs: number | undefined;
}

/** A cluster and its autoscaler as they are now. */
export interface Inspection {
  readonly cluster: string;
  readonly status: Cluster["status"];
  /** The process that scales it: `<host>/<pid>.<start>`; undefined: none. */
  readonly scaler: string | undefined;
  readonly pauses: readonly ScalingPause[];
  /** Those that we scale, with their range. */
  readonly agents: readonly InspectedAgent[];
  readonly conditions: readonly Condition[];
}

/** Looks at a cluster as its autoscaler would, and changes nothing; undefined when nothing of it is scaled by us. */
export async function inspect(
  row: Cluster,
  { store, open }: { readonly store: Store; readonly open: OpenScaledCluster },
  { now, signal }: { readonly now: number; readonly signal: AbortSignal },
): Promise<Inspection | undefined> {
  let target: string | undefined;
  const cluster = await open(row).catch((error: unknown) => {
    target = toSwarmError(error).message;
    return "unreachable" as const;
  });
  if (cluster === undefined) return undefined;
  const scaler = await scalerOf(store, row.id);
  const pauses = await store.scalingPauses.list(row.id);
  const known = { cluster: row.name, status: row.status, scaler, pauses };
  if (cluster === "unreachable") {
    return { ...known, agents: [], conditions: conditionsOf({ ...known, redis: undefined, target, agents: [] }) };
  }
  try {
    const agents = await agentsOf(row, cluster, { store, now, signal });
    if (isAttended(row) && agents.every(({ observed }) => observed?.live === undefined))
      target = "it says nothing of its agents";
    const redis = redisFailure(agents);
    return { ...known, agents, conditions: conditionsOf({ ...known, redis, target, agents }) };
  } finally {
    await cluster.close();
  }
}

interface Look {
  readonly store: Store;
  readonly now: number;
  readonly signal: AbortSignal;
}

async function agentsOf(
  row: Cluster,
  cluster: ScaledCluster,
  { store, now, signal }: Look,
): Promise<Inspection["agents"]> {
  const config = await cluster.config();
  if (!isAttended(row))
    return scaledOf(config).map((one) => ({
      ...one,
      observed: undefined,
      decision: undefined,
      refused: undefined,
      startMs: undefined,
    }));
  const observation = await cluster.observe(signal);
  // Of the memory as it is recorded, with the beginning that the running autoscaler has.
  const memory = memoryAtStart((await store.scalingMemories.show(row.id))?.memory, 0);
  const decisions = decide(memory, observation, config, now).agents;
  const refused = await refusalsOf(store, row.id);
  return scaledOf(config).map((one) => ({
    ...one,
    observed: observation.agents[one.agent],
    decision: decisions[one.agent],
    refused: refused.get(one.agent),
    startMs: startTimeOf(memory.agents[one.agent] ?? noAgentMemory),
  }));
}

function scaledOf({ agents }: ScalingConfig): readonly Pick<AgentScaling, "agent" | "min" | "max">[] {
  return agents.flatMap(({ agent, min, max, rules }) => (rules === undefined ? [] : [{ agent, min, max }]));
}

/** Why Redis does not answer, where the queue is in it: the source names itself in its reason. */
function redisFailure(agents: readonly AgentFacts[]): string | undefined {
  for (const { observed } of agents) {
    const { waiting } = observed ?? {};
    const [, reason] = waiting?.kind === "unknown" ? (/^Redis: (.*)/s.exec(waiting.reason) ?? []) : [];
    if (reason !== undefined) return reason;
  }
  return undefined;
}
