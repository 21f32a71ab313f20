import type { InstanceStatus } from "../../agent-api/status.ts";

/** The part of an instance that the choice needs. */
export type Candidate = Pick<InstanceStatus, "id" | "health" | "tasks">;

/** How instances are removed: any of them, or those with the highest ordinals first. */
export type Removal = "any" | "highest";

/** Whether an instance is known to hold no task; one that has not registered holds none. */
function isFree({ health, tasks = [] }: Candidate): boolean {
  return (health === "idle" || health === "drained" || health === "starting") && tasks.length === 0;
}

/**
 * Chooses the instances that a lower count removes: at most as many as are over it, and only ones that hold no task. Where the
 * highest ordinals go first, a busy one protects those below it.
 *
 * @param instances in the order of their ordinals
 */
export function chooseVictims<Instance extends Candidate>(
  instances: readonly Instance[],
  count: number,
  removal: Removal,
): readonly Instance[] {
  const over = Math.max(0, instances.length - count);
  const fromTop = instances.toReversed();
  if (removal === "any") return fromTop.filter(isFree).slice(0, over);
  const firstBusy = fromTop.findIndex((instance) => !isFree(instance));
  return fromTop.slice(0, firstBusy < 0 ? over : Math.min(over, firstBusy));
}
