import type { Directive } from "../database/directives.ts";
import type { Heard } from "../instance-registry.ts";
import type { InstanceState } from "../instance-state.ts";
import type { InstanceReport } from "../status.ts";
import { healthOf } from "./health.ts";
import type { Usage } from "./usage.ts";

/** Everything known about an instance, from its runtime and from itself. */
export interface Findings {
  readonly process: InstanceState;
  /** See `healthOf`. */
  readonly mustRegister: boolean;
  readonly heard: Heard | undefined;
  readonly heartbeatIntervalMs: number;
  /** Measured from outside; undefined: the instance's own figures are used. */
  readonly usage: Usage | undefined;
  readonly directive: Directive | undefined;
  readonly nowMs: number;
}

export function reportOf({
  process,
  mustRegister,
  heard,
  heartbeatIntervalMs,
  usage,
  directive,
  nowMs,
}: Findings): InstanceReport {
  const isDrained = directive?.kind === "hold" && directive.isDrained === true;
  const silentMs = heard && nowMs - heard.atMs;
  const health = healthOf({
    ...{ process, mustRegister, cpu: usage?.cpu, directive: directive?.kind, isDrained },
    registration: heard && { state: heard.report?.state, silentMs: silentMs ?? 0 },
    heartbeatIntervalMs: heard?.intervalMs ?? heartbeatIntervalMs,
  });
  const { openTasks, tasksPerMinute, responseMs, errors, cpu, memoryBytes } = heard?.report ?? {};
  return known({
    ...{ health, tasksPerMinute, responseMs, errors, silentMs },
    epoch: heard?.epoch,
    restored: heard?.restored,
    order: isDrained ? "drain" : directive?.kind,
    tasks: openTasks?.map(({ id }) => id),
    cpu: usage?.cpu ?? cpu,
    memoryBytes: usage?.memoryBytes ?? memoryBytes,
  });
}

type Maybe<T> = { [Key in keyof T]: T[Key] | undefined };

/** Drops undefined values. */
function known(report: Maybe<InstanceReport>): InstanceReport {
  const told: { [Key in keyof InstanceReport]: InstanceReport[Key] } = {};
  return Object.assign(told, Object.fromEntries(Object.entries(report).filter(([, value]) => value !== undefined)));
}
