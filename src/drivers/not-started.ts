import type { InstanceStatus } from "../agent-api/status.ts";
import { SwarmError } from "../errors.ts";

/** An instance that has not started, with the last lines that it wrote where its reason lacks them. */
export interface NotStarted {
  readonly instance: InstanceStatus;
  readonly output?: readonly string[];
}

/** The error of instances that have not started: each with its exit status and its last output. */
export function notStarted(instances: readonly NotStarted[], of: number): SwarmError {
  const lines = instances.flatMap(({ instance: { id, state, reason = state }, output = [] }) => [
    `${id}: ${reason}`,
    ...output,
  ]);
  const ids = instances.map(({ instance: { id } }) => id);
  return new SwarmError("SW640", [`${ids.length} of ${of} instances have not started`, ...lines].join("\n"), {
    hints: ids.slice(0, 1).map((id) => `swarmctl logs ${id}`),
    values: { instances: ids },
  });
}
