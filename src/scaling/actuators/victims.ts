import type { InstanceStatus } from "../../agent-api/status.ts";

/** The part of an instance that the choice needs. */
export type Candidate = Pick<InstanceStatus, "id" | "state" | "health" | "tasks">;

/** How instances are removed: any of them, or those with the highest ordinals first. */
export type Removal = "any" | "highest";

/** Whether an instance is known to hold no task: it says so, or it does not run and has registered no task. */
function isFree({ state, health, tasks = [] }: Candidate): boolean {
  const isQuiet = state !== "running" || health === "idle" || health === "drained" || health === "starting";
  return isQuiet && tasks.length === 0;
}

/** Whether an instance works, or can at once. */
function isUp({ state, health }: Candidate): boolean {
  return state === "running" && health !== "starting";
}

/**
 * Chooses the instances that a lower count removes: at most as many as are over it, and only ones that hold no task. Where any may go,
 * those that are not up go before idle ones; where the highest ordinals go first, a busy one protects those below it.
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
  if (removal === "any") {
    const free = fromTop.filter(isFree);
    return [...free.filter((one) => !isUp(one)), ...free.filter(isUp)].slice(0, over);
  }
  const firstBusy = fromTop.findIndex((instance) => !isFree(instance));
  return fromTop.slice(0, firstBusy < 0 ? over : Math.min(over, firstBusy));
}

/** The victims that may go after some have taken a task in the meantime. */
export function goingOf<Instance extends Candidate>(
  victims: readonly Instance[],
  working: readonly Instance[],
  removal: Removal,
): readonly Instance[] {
  if (removal === "any") return victims.filter((victim) => !working.includes(victim));
  const first = victims.findIndex((victim) => working.includes(victim));
  return first < 0 ? victims : victims.slice(0, first);
}
