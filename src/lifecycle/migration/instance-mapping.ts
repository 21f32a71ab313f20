import { instanceName } from "../../plan/instance-name.ts";
import type { Plan } from "../../plan/plan.ts";

/**
 * Maps the instances of one plan to those of another by agent and ordinal. It covers the maximum replicas, so that instances which
 * are not needed now keep their state; it omits instances whose names the target chooses.
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

/** Translates the keys of a record to the mapped instances; omits instances without a mapping. */
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
