import { SwarmError } from "../../errors.ts";
import type { Backend } from "../api/backend.ts";
import type { ApiParts } from "../api/parts.ts";
import type { Commander } from "../control/routes/orders.ts";
import type { Order, OrderScope } from "../ledger/orders.ts";
import type { ServedCluster } from "./cluster-file.ts";

/** What the instances of a server are told: agents are known from the plan, instances once they have registered. */
export function commander(cluster: ServedCluster, { ledger, taskDesk }: Backend, api: ApiParts): Commander {
  function agentOf(instance: string): string | undefined {
    return ledger.lives.registered().get(instance)?.registration?.agent;
  }

  function known(scope: OrderScope) {
    const key = "agent" in scope ? scope.agent : (agentOf(scope.instance) ?? none("instance", scope.instance));
    return cluster.agents.find((agent) => agent.key === key) ?? none("agent", key);
  }
  return {
    api,
    order(scope: OrderScope, order: Order | undefined) {
      known(scope);
      if (order) ledger.orders.give(scope, order);
      else ledger.orders.callOff(scope);
      taskDesk.dismiss();
      api.events.add("order", { ...scope, order: order?.kind ?? "none" });
    },
    stopTimeoutMs: (scope) => known(scope).stopTimeoutMs,
  };
}

function none(kind: string, name: string): never {
  throw new SwarmError("SW705", `There is no ${kind} ${name}.`, { values: { [kind]: name } });
}
