import { SwarmError } from "../../errors.ts";
import type { Backend } from "../backend.ts";
import type { DirectiveSender } from "../control/routes/directives.ts";
import type { Directive, DirectiveScope } from "../database/directives.ts";
import type { ApiParts } from "../parts.ts";
import { publishDirective } from "../publish-directive.ts";
import type { ServedCluster } from "./cluster-file.ts";

/** What the instances of a server are told: agents are known from the plan, instances once they have registered. */
export function directiveSender(cluster: ServedCluster, backend: Backend, api: ApiParts): DirectiveSender {
  function agentOf(instance: string): string | undefined {
    return backend.database.registrations.registered().get(instance)?.registration?.agent;
  }

  function known(scope: DirectiveScope) {
    const key = "agent" in scope ? scope.agent : (agentOf(scope.instance) ?? none("instance", scope.instance));
    return cluster.agents.find((agent) => agent.key === key) ?? none("agent", key);
  }
  return {
    api,
    send(scope: DirectiveScope, directive: Directive | undefined) {
      known(scope);
      publishDirective(backend, api.events, scope, directive);
    },
    terminationGracePeriodMs: (scope) => known(scope).stopTimeoutMs,
  };
}

function none(kind: string, name: string): never {
  throw new SwarmError("SW705", `There is no ${kind} ${name}.`, { values: { [kind]: name } });
}
