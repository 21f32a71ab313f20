import { SwarmError } from "../../errors.ts";
import type { ApiParts } from "../parts.ts";

/** How long a save waits for the end of the drain. */
const patienceMs = 5_000;

export interface FrozenState {
  readonly instance: string;
  readonly agent: string;
  /** Root of the latest checkpoint. */
  readonly root: string;
}

/**
 * Waits until the saved state of an instance may change. It may not while the instance is on hold or drained, as an operation
 * has verified it or will. A process that was started after the drain waits briefly, as its operation is about to resume it.
 * @throws SwarmError SW720 when the state is still frozen.
 */
export async function awaitThaw(
  {
    registry,
    tasks,
    writeFence,
  }: Pick<ApiParts, "tasks" | "writeFence"> & {
    readonly registry: Pick<ApiParts["registry"], "directives" | "hasRead">;
  },
  { instance, agent, root }: FrozenState,
  gone: AbortSignal,
): Promise<void> {
  const { directives } = registry;
  const isFrozen = () => directives.isFrozen(agent, instance);
  if (!isFrozen()) return;
  const directive = directives.inForce(agent, instance);
  if (directive?.kind === "hold" && directive.isDrained) {
    registry.hasRead(instance);
    const until = AbortSignal.any([gone, AbortSignal.timeout(patienceMs)]);
    // A migration waits for the calls in progress.
    while (isFrozen() && !until.aborted && writeFence.fencedFor === undefined) await tasks.untilTold(until);
  }
  if (!isFrozen()) return;
  throw new SwarmError("SW720", `the state of ${instance} is saved and must not change until the instance is resumed`, {
    hints: ["Keep the state, and go on when `hold` ends"],
    values: { instance, root },
  });
}
