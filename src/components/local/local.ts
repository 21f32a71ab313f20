import type * as pulumi from "@pulumi/pulumi";
import type { AgentPlan, Plan } from "../../plan/plan.ts";
import type { Site } from "../../plan/wish.ts";
import { AgentPool, type Desired, Supervisor } from "../resources.ts";

/** The local target: one supervisor process, and a pool of processes for each agent. */
export function createLocal(plan: Plan, desired: Desired, parent: pulumi.ComponentResource): void {
  const { uid, site, generation, counts } = spread(desired);
  const supervisor = createSupervisor();
  for (const agent of plan.agents) createPool(agent);

  function createSupervisor(): Supervisor {
    return new Supervisor(`${plan.cluster}-supervisor`, { cluster: plan.cluster, uid, site }, { parent });
  }

  function createPool(agent: AgentPlan): AgentPool {
    const { key, role, name, command, env, stopTimeoutMs } = agent;
    const count = counts.apply((all) => all[key] ?? 0);
    return new AgentPool(
      agent.resource,
      { site, uid, generation, agent: key, role, name, parent: agent.parent, count, command, env, stopTimeoutMs },
      { parent, dependsOn: [supervisor] },
    );
  }
}

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
