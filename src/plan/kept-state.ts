import { SwarmError } from "../errors.ts";
import type { WorkloadShape } from "./plan.ts";

/** How the instances of an agent keep their state on volumes. */
export interface KeptState {
  /** Key of the agent. */
  readonly agent: string;
  readonly shape: Exclude<WorkloadShape, "stateless">;
  readonly sizeBytes: number;
}

const ways: Readonly<Record<KeptState["shape"], string>> = { ordered: "last", single: "any" };

/**
 * Refuses an update after which instances would not find their state. To delete it, remove `state` or
 * the agent: the plan shows that as a deletion.
 *
 * @throws SwarmError SW608 where volumes would have to shrink, or to belong to instances of other names
 */
export function keepState(old: KeptState, next: KeptState): void {
  const values = { recorded: old, given: next };
  if (old.shape !== next.shape) {
    throw new SwarmError(
      "SW608",
      `"${next.agent}" keeps state: its scale_in (${ways[old.shape]}) cannot become ${ways[next.shape]}, as its instances would get other names and empty volumes`,
      {
        hints: [`keep scale_in: ${ways[old.shape]}`, "or rename the agent, which starts it with empty volumes"],
        values,
      },
    );
  }
  if (next.sizeBytes < old.sizeBytes) {
    throw new SwarmError(
      "SW608",
      `state.size of "${next.agent}" (${next.sizeBytes} bytes) is under that of its volumes (${old.sizeBytes} bytes), and a volume does not shrink`,
      { hints: [`keep at least ${old.sizeBytes}`], values },
    );
  }
}
