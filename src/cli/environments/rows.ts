import type { Cluster } from "../../store/clusters.ts";
import { duration } from "../output.ts";

/** An environment as `env list` shows it; times are milliseconds since the epoch. */
export interface EnvironmentRow {
  readonly name: string;
  readonly status: Cluster["status"];
  /** Why it failed. */
  readonly reason?: string;
  readonly target: string;
  readonly instances: number;
  readonly createdAt: number;
  readonly until: number;
  /** Its end has come: the next gc removes it. */
  readonly isOver: boolean;
}

/** The environments among the clusters, whoever ends first in front. */
export function environmentRows(clusters: Iterable<Cluster>, now: number): readonly EnvironmentRow[] {
  return [...clusters]
    .flatMap((cluster) => {
      const { name, status, statusReason, target, currentWorkers, createdAt, environmentUntil: until } = cluster;
      if (until === null) return [];
      const reason = statusReason === null ? {} : { reason: statusReason };
      return [{ name, status, ...reason, target, instances: currentWorkers, createdAt, until, isOver: now >= until }];
    })
    .sort((a, b) => a.until - b.until || a.name.localeCompare(b.name));
}

export const environmentHead = ["ENVIRONMENT", "STATUS", "TARGET", "INSTANCES", "AGE", "ENDS"] as const;

/** A row under `environmentHead`. */
export function describeEnvironment(row: EnvironmentRow, now: number): readonly (string | number)[] {
  const { name, status, target, instances, createdAt, until, isOver } = row;
  const ends = isOver ? `over since ${duration(now - until)}` : `in ${duration(until - now)}`;
  return [name, status, target || "-", instances, duration(now - createdAt), ends];
}
