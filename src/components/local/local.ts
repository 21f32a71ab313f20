import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan } from "../../plan/plan.ts";
import type { Site } from "../../plan/wish.ts";
import type { CreateTarget } from "../create-target.ts";
import { AgentPool, type Desired, Supervisor } from "../resources.ts";

/** The local target: one supervisor process, and a pool of processes for each agent. */
export const createLocal: CreateTarget = ({ plan, desired, parent, edge }) => {
  const { uid, site, generation, counts } = spread(desired);
  const supervisor = createSupervisor();
  for (const agent of plan.agents) createPool(agent);

  function createSupervisor(): Supervisor {
    return new Supervisor(`${plan.cluster}-supervisor`, { cluster: plan.cluster, uid, site }, { parent });
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
        stopTimeoutMs,
      },
      { parent, dependsOn: [supervisor] },
    );
  }

  /** The blueprint's variables, and the values of secrets. */
  function environmentOf({ env, secrets, queue }: AgentPlan): Record<string, pulumi.Input<string>> {
    const { redis } = plan.network;
    const values: Record<string, pulumi.Input<string>> = { ...env };
    for (const name of secrets) {
      const reference = plan.secrets[name];
      if (reference !== undefined && reference.kind !== "kubernetes") values[name] = edge.secret(name, reference);
    }
    if (queue === undefined || redis === undefined) return values;
    const url =
      redis.kind === "address" ? redis.url : edge.secret(redis.variable, { kind: "env", variable: redis.variable });
    return { REDIS_URL: url, ...values };
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
