import type { InstanceState } from "../agent-api/instance-state.ts";

export interface DesiredPool {
  readonly count: number;
  readonly fingerprint: string;
}

/** One instance as far as the decision needs it. */
export interface InstanceView {
  readonly ordinal: number;
  readonly state: InstanceState;
  /** Of the spec that its process was started from. */
  readonly fingerprint: string;
}

export interface Action {
  readonly kind: "start" | "stop" | "forget";
  readonly ordinal: number;
}

/**
 * What brings a pool closer to its wish now. Missing ordinals start; those over the count stop, the highest first; an instance
 * of an older spec is stopped (and started again once it has stopped): at once if it does not run anyway, else one at
 * a time and only while all others run.
 */
export function reconcile(desired: DesiredPool, instances: readonly InstanceView[]): Action[] {
  const known = new Set(instances.map((instance) => instance.ordinal));
  const missing = range(desired.count).filter((ordinal) => !known.has(ordinal));
  const wanted = instances.filter((instance) => instance.ordinal < desired.count);
  const surplus = instances
    .filter((instance) => instance.ordinal >= desired.count)
    .sort((a, b) => b.ordinal - a.ordinal);
  return [
    ...surplus.filter(isStopped).map(action("forget")),
    ...surplus.filter((instance) => !isStopped(instance) && instance.state !== "stopping").map(action("stop")),
    ...[...missing, ...wanted.filter(isStopped).map((instance) => instance.ordinal)]
      .sort((a, b) => a - b)
      .map((ordinal): Action => ({ kind: "start", ordinal })),
    ...outdated(desired, wanted, missing.length).map(action("stop")),
  ];
}

function outdated(desired: DesiredPool, wanted: readonly InstanceView[], missing: number): InstanceView[] {
  const old = wanted.filter(
    (instance) => instance.fingerprint !== desired.fingerprint && !isStopped(instance) && instance.state !== "stopping",
  );
  const idle = old.filter((instance) => instance.state !== "running");
  if (idle.length > 0) return idle;
  const allRun = missing === 0 && wanted.every((instance) => instance.state === "running");
  const next = old.sort((a, b) => a.ordinal - b.ordinal)[0];
  return allRun && next ? [next] : [];
}

function isStopped(instance: InstanceView): boolean {
  return instance.state === "stopped";
}

function action(kind: Action["kind"]): (instance: InstanceView) => Action {
  return (instance) => ({ kind, ordinal: instance.ordinal });
}

function range(count: number): number[] {
  return Array.from({ length: count }, (_, index) => index);
}
