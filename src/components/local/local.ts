import type * as pulumi from "@pulumi/pulumi";
import { resourceName } from "../../names.ts";
import { clusterName, effectiveReplicas, type SiteLocation } from "../../plan/desired-state.ts";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import { isScaledByUs } from "../../plan/scaling.ts";
import { sortByReportsTo } from "../../plan/sort-by-reports-to.ts";
import type { CreateTarget } from "../create-target.ts";
import { AgentPool, type Desired, pinOf, Supervisor, type SupervisorQueue } from "../resources.ts";

/** The local target: one supervisor process, and a pool of processes for each agent. */
export const createLocal: CreateTarget = ({ plan, desired, parent, resolver, transition }) => {
  const { cluster, uid, site, generation, counts, pins, awake, arrival } = spread(plan, desired);
  const redis = redisUrl();
  const knowledge = knowledgeOf();
  createInOrder();
  return {};

  /** On reactivation a parent starts before the agents that report to it; on hibernation the supervisor stops last. */
  function createInOrder(): void {
    if (transition === "sleeping") {
      createSupervisor(plan.agents.map((agent) => createPool(agent, [])));
      return;
    }
    const supervisor = createSupervisor([]);
    const pools = new Map<string, AgentPool>();
    for (const agent of sortByReportsTo(plan.agents)) {
      const reportsTo = transition === "waking" && agent.parent !== undefined ? pools.get(agent.parent) : undefined;
      pools.set(agent.key, createPool(agent, [reportsTo ?? supervisor]));
    }
  }

  function createSupervisor(dependsOn: pulumi.Resource[]): Supervisor {
    return new Supervisor(
      `${plan.cluster}-supervisor`,
      { cluster, uid, site, awake, arrival, queue: queueOf() },
      { parent, dependsOn },
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
    return resolver.secret(redis.variable, { kind: "env", variable: redis.variable });
  }

  function knowledgeOf() {
    const bundles = plan.shared.knowledge.map(({ name, path }) => ({
      name: resourceName([name]),
      path: resolver.path(path),
    }));
    return bundles.length === 0 ? undefined : bundles;
  }

  function createPool(agent: AgentPlan, dependsOn: pulumi.Resource[]): AgentPool {
    const { key, role, name, command, config, startPeriodMs, stopTimeoutMs } = agent;
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
        range: isScaledByUs(agent.scaling) ? { min: agent.count.min, max: agent.count.max } : undefined,
        pin: pins.apply((all) => pinOf(all?.[key])),
        command,
        env,
        config,
        knowledge,
        blueprintDir: command === undefined ? undefined : resolver.path("."),
        startPeriodMs,
        stopTimeoutMs,
      },
      { parent, dependsOn },
    );
  }

  /** The blueprint's variables, and the values of secrets. */
  function environmentOf({ env, secrets, queue }: AgentPlan): Record<string, pulumi.Input<string>> {
    const values: Record<string, pulumi.Input<string>> = { ...env };
    for (const name of secrets) {
      const reference = plan.secrets[name];
      if (reference !== undefined && reference.kind !== "kubernetes") values[name] = resolver.secret(name, reference);
    }
    return queue === undefined || redis === undefined ? values : { REDIS_URL: redis, ...values };
  }
};

function spread(plan: Plan, { document }: Desired) {
  return {
    cluster: document.apply((desired) => clusterName(desired, plan.cluster)),
    uid: document.apply((desired) => desired.uid),
    generation: document.apply((desired) => desired.generation),
    counts: document.apply(effectiveReplicas),
    pins: document.apply((desired) => desired.pins),
    awake: document.apply((desired) => desired.power === "active"),
    arrival: document.apply((desired) => desired.arrival?.operation),
    site: document.apply((desired): SiteLocation => {
      if (desired.site === undefined) throw new Error("the desired state of a local cluster has no site");
      return desired.site;
    }),
  };
}
