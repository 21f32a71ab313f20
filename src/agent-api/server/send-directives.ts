import { SwarmError } from "../../errors.ts";
import type { Backend } from "../backend.ts";
import type { DirectiveSender } from "../control/routes/directives.ts";
import type { Directive, DirectiveScope } from "../database/directives.ts";
import type { ApiParts } from "../parts.ts";
import type { ServedCluster } from "./cluster-file.ts";

/** What the instances of a server are told: agents are known from the plan, instances once they have registered. */
export function directiveSender(
  cluster: ServedCluster,
  { database, dispatcher }: Backend,
  api: ApiParts,
): DirectiveSender {
  function agentOf(instance: string): string | undefined {
    return database.registrations.registered().get(instance)?.registration?.agent;
  }

  function known(scope: DirectiveScope) {
    const key = "agent" in scope ? scope.agent : (agentOf(scope.instance) ?? none("instance", scope.instance));
    return cluster.agents.find((agent) => agent.key === key) ?? none("agent", key);
  }
  return {
    api,
    send(scope: DirectiveScope, directive: Directive | undefined) {
      known(scope);
      if (directive) database.directives.give(scope, directive);
      else database.directives.callOff(scope);
      dispatcher.releaseWaiters();
      api.events.add("order", { ...scope, order: directive?.kind ?? "none" });
    },
    terminationGracePeriodMs: (scope) => known(scope).stopTimeoutMs,
  };
}

function none(kind: string, name: string): never {
  throw new SwarmError("SW705", `There is no ${kind} ${name}.`, { values: { [kind]: name } });
}
