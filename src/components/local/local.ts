import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../../names.ts";
import type { AgentPlan } from "../../plan/plan.ts";
import type { Site } from "../../plan/wish.ts";
import type { CreateTarget } from "../create-target.ts";
import { AgentPool, type Desired, Supervisor, type SupervisorQueue } from "../resources.ts";

/** The local target: one supervisor process, and a pool of processes for each agent. */
export const createLocal: CreateTarget = ({ plan, desired, parent, edge }) => {
  const { uid, site, generation, counts } = spread(desired);
  const redis = redisUrl();
  const knowledge = knowledgeOf();
  const supervisor = createSupervisor();
  for (const agent of plan.agents) createPool(agent);

  function createSupervisor(): Supervisor {
    return new Supervisor(
      `${plan.cluster}-supervisor`,
      { cluster: plan.cluster, uid, site, queue: queueOf() },
      { parent },
    );
  }

  function queueOf(): SupervisorQueue | undefined {
    if (redis === undefined) return undefined;
    const streams = plan.agents.flatMap(({ key, queue }) => (queue === undefined ? [] : [[key, queue] as const]));
    return { redis, streams: Object.fromEntries(streams) };
  }

  function redisUrl(): pulumi.Input<string> | undefined {
    const { redis } = plan.network;
    if (redis?.kind !== "env") return redis?.url;
    return edge.secret(redis.variable, { kind: "env", variable: redis.variable });
  }

  function knowledgeOf() {
    const bundles = plan.shared.knowledge.map(({ name, path }) => ({
      name: resourceName([name]),
      path: edge.path(path),
    }));
    return bundles.length === 0 ? undefined : bundles;
  }

  function createPool(agent: AgentPlan): AgentPool {
    const { key, role, name, command, config, stopTimeoutMs } = agent;
    const env = environmentOf(agent);
    const count = counts.apply((all) => all[key] ?? 0);
    return new AgentPool(
      agent.resource,
      {
        site,
        uid,
        generation,
        agent: key,
        role,
        name,
        parent: agent.parent,
        count,
        command,
        env,
        config,
        knowledge,
        stopTimeoutMs,
      },
      { parent, dependsOn: [supervisor] },
    );
  }

  /** The blueprint's variables, and the values of secrets. */
  function environmentOf({ env, secrets, queue }: AgentPlan): Record<string, pulumi.Input<string>> {
    const values: Record<string, pulumi.Input<string>> = { ...env };
    for (const name of secrets) {
      const reference = plan.secrets[name];
      if (reference !== undefined && reference.kind !== "kubernetes") values[name] = edge.secret(name, reference);
    }
    return queue === undefined || redis === undefined ? values : { REDIS_URL: redis, ...values };
  }
};

function spread({ document }: Desired) {
  return {
    uid: document.apply((wish) => wish.uid),
    generation: document.apply((wish) => wish.generation),
    counts: document.apply((wish) => wish.counts),
    site: document.apply((wish): Site => {
      if (wish.site === undefined) throw new Error("the wish of a local cluster names no site");
      return wish.site;
    }),
  };
}
