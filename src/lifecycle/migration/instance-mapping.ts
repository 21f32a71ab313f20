import { instanceName } from "../../plan/instance-name.ts";
import type { Plan } from "../../plan/plan.ts";

/**
 * Which instance of the one plan goes on as which of the other: the same agent's of the same ordinal, for all that there can be,
 * so that those who are not needed now are there when they are. Without those that a target names as it likes.
 */
export function mapInstances(from: Plan, to: Plan): ReadonlyMap<string, string> {
  const pairs = from.agents.flatMap((agent) => {
    const there = to.agents.find(({ key }) => key === agent.key);
    if (there === undefined) return [];
    return Array.from({ length: agent.count.max }, (_, ordinal) => {
      const id = instanceName(from.target.kind, agent, ordinal);
      const mapped = instanceName(to.target.kind, there, ordinal);
      return id === undefined || mapped === undefined ? undefined : ([id, mapped] as const);
    });
  });
  return new Map(pairs.filter((pair) => pair !== undefined));
}

/** What is known by instance, by counterpart; what has none is left out. */
export function translated<Value>(
  of: Readonly<Record<string, Value>>,
  mapping: ReadonlyMap<string, string>,
): Readonly<Record<string, Value>> {
  return Object.fromEntries(
    Object.entries(of).flatMap(([id, value]) => {
      const mapped = mapping.get(id);
      return mapped === undefined ? [] : [[mapped, value]];
    }),
  );
}
