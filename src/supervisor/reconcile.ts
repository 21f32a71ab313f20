import type { InstanceState } from "../agent-api/instance-state.ts";

export interface DesiredPool {
  readonly count: number;
  /** Surplus instances finish their tasks first, without a deadline: the count is an autoscaler's. */
  readonly patient: boolean;
  readonly fingerprint: string;
}

/** The part of an instance that the decision needs. */
export interface InstanceView {
  readonly ordinal: number;
  readonly state: InstanceState;
  /** Fingerprint of the spec that its process was started from. */
  readonly fingerprint: string;
  /** It takes no more tasks, and stops when it holds none. */
  readonly retiring: boolean;
}

export interface Action {
  readonly kind: "start" | "stop" | "retire" | "keep" | "forget";
  readonly ordinal: number;
}

/**
 * Next actions that bring a pool closer to its desired state. Missing ordinals start; those over the count stop, the
 * highest first, or retire where the pool is patient; an instance of an older spec is stopped (and restarts once it has stopped): at once if it is not
 * running, else one at a time and only while all others are running.
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
    ...surplus.flatMap((instance) => leave(desired, instance)),
    ...wanted.filter(({ retiring }) => retiring).map(action("keep")),
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

function leave({ patient }: DesiredPool, instance: InstanceView): Action[] {
  const { state, retiring, ordinal } = instance;
  if (isStopped(instance) || state === "stopping") return [];
  // Only a running instance can hold a task.
  if (!patient || state !== "running") return [{ kind: "stop", ordinal }];
  return retiring ? [] : [{ kind: "retire", ordinal }];
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
