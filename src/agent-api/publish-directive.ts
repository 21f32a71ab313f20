import type { Backend } from "./backend.ts";
import type { Directive, DirectiveScope } from "./database/directives.ts";
import type { ApiParts } from "./parts.ts";

/** Records a directive for its scope, or its end when undefined, and wakes the instances that wait for tasks. */
export function publishDirective(
  { database, dispatcher }: Pick<Backend, "database" | "dispatcher">,
  events: ApiParts["events"],
  scope: DirectiveScope,
  directive: Directive | undefined,
): void {
  if (directive) database.directives.give(scope, directive);
  else database.directives.callOff(scope);
  dispatcher.releaseWaiters();
  events.add("order", { ...scope, order: directive?.kind ?? "none" });
}
