import { agentKey } from "../agent-key.ts";
import { type Role, roles } from "../model.ts";
import { known } from "../shape/shape.ts";
import type { RuleContext } from "./context.ts";

/** Whom each agent reports to; indices are those of the file. */
export type ReportsTo =
  | { readonly kind: "root" }
  | { readonly kind: "agent"; readonly index: number }
  | { readonly kind: "nobody" }
  | { readonly kind: "ambiguous"; readonly candidates: readonly string[] }
  /** Cannot be said, because something that it depends on could not be read. */
  | { readonly kind: "unknown" };

interface Directory {
  readonly byRole: ReadonlyMap<Role, readonly number[]>;
  readonly byName: ReadonlyMap<string, readonly number[]>;
  readonly byKey: ReadonlyMap<string, readonly number[]>;
  readonly names: ReadonlyMap<number, string>;
  /** False where a role or name could not be read. */
  readonly rolesComplete: boolean;
  readonly namesComplete: boolean;
}

/**
 * Resolves `reports_to` of every agent: a role, a name, or the key of a name. Without it an agent is the root; which of
 * several is the root is not judged here.
 */
export function resolveReportsTo(
  context: Pick<RuleContext, "agents" | "agentsComplete">,
): ReadonlyMap<number, ReportsTo> {
  const directory = createDirectory(context);
  return new Map(
    context.agents.map(({ draft, index }): [number, ReportsTo] => {
      if (draft.reports_to === undefined) return [index, { kind: "root" }];
      return [index, known(draft.reports_to) ? resolve(draft.reports_to, index, directory) : { kind: "unknown" }];
    }),
  );
}

function createDirectory({ agents, agentsComplete }: Pick<RuleContext, "agents" | "agentsComplete">): Directory {
  const named = agents.flatMap(({ draft, index }) => (known(draft.name) ? [{ name: draft.name, index }] : []));
  const withRole = agents.flatMap(({ draft, index }) => (known(draft.role) ? [{ role: draft.role, index }] : []));
  return {
    byRole: group(withRole, (agent) => agent.role),
    byName: group(named, (agent) => agent.name),
    byKey: group(named, (agent) => agentKey(agent.name)),
    names: new Map(named.map((agent) => [agent.index, agent.name])),
    rolesComplete: agentsComplete && withRole.length === agents.length,
    namesComplete: agentsComplete && named.length === agents.length,
  };
}

function group<T extends { readonly index: number }, K>(items: readonly T[], keyOf: (item: T) => K): Map<K, number[]> {
  const groups = new Map<K, number[]>();
  for (const item of items) {
    const key = keyOf(item);
    const group = groups.get(key);
    if (group === undefined) groups.set(key, [item.index]);
    else group.push(item.index);
  }
  return groups;
}

function resolve(wanted: string, self: number, directory: Directory): ReportsTo {
  const role = roles.find((word) => word === wanted);
  const byRole = role === undefined ? [] : (directory.byRole.get(role) ?? []).filter((index) => index !== self);
  const byName =
    directory.byName.get(wanted) ?? (role === undefined ? directory.byKey.get(agentKey(wanted)) : undefined) ?? [];
  const candidates = [...new Set([...byRole, ...byName])];
  const [first, ...others] = candidates;
  if (first !== undefined && others.length === 0) return { kind: "agent", index: first };
  if (first !== undefined) {
    return {
      kind: "ambiguous",
      candidates: candidates.map((index) => directory.names.get(index) ?? `agent ${index + 1}`),
    };
  }
  const complete = role === undefined ? directory.namesComplete : directory.rolesComplete && directory.namesComplete;
  return { kind: complete ? "nobody" : "unknown" };
}
