import type { InstanceStatus } from "../agent-api/status.ts";
import { SwarmError } from "../errors.ts";

/** An instance that has not started, with its last output if its reason lacks it. */
export interface NotStarted {
  readonly instance: InstanceStatus;
  readonly output?: readonly string[];
}

/** SW640 with the exit status and last output of each instance that has not started. */
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
