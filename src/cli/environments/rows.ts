import type { Cluster } from "../../store/clusters.ts";
import { duration } from "../output.ts";

/** A row of `env list`; times are milliseconds since the epoch. */
export interface EnvironmentRow {
  readonly name: string;
  readonly status: Cluster["status"];
  /** Reason of the failure. */
  readonly reason?: string;
  readonly target: string;
  readonly instances: number;
  readonly createdAt: number;
  readonly until: number;
  /** Expired: the next gc removes it. */
  readonly isOver: boolean;
}

/** Lists the environments among the clusters, sorted by expiry. */
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

export const environmentHead = ["ENVIRONMENT", "STATUS", "TARGET", "INSTANCES", "AGE", "EXPIRES"] as const;

/** Formats a row under `environmentHead`. */
export function describeEnvironment(row: EnvironmentRow, now: number): readonly (string | number)[] {
  const { name, status, target, instances, createdAt, until, isOver } = row;
  const ends = isOver ? `expired ${duration(now - until)} ago` : `in ${duration(until - now)}`;
  return [name, status, target || "-", instances, duration(now - createdAt), ends];
}
