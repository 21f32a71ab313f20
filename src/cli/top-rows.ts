import type { MeasuredUsage, RuntimeStatus } from "../drivers/driver.ts";
import { table } from "./table.ts";

/** One instance of `swarmctl top`. Unknown values are absent. */
export interface TopRow {
  readonly instance: string;
  readonly agent: string;
  /** Health of a running instance, or the state of any other. */
  readonly state: string;
  /** Cores in use. */
  readonly cpu?: number;
  readonly memoryBytes?: number;
  /** Who measured: the target, or the instance itself. */
  readonly measuredBy?: "target" | "instance";
  readonly tasks: number;
  readonly tasksPerMinute?: number;
}

/** Joins the instances of a cluster with what its target measures; the busiest first, the unknown last. */
export function topRows(
  status: RuntimeStatus | undefined,
  usage: ReadonlyMap<string, MeasuredUsage> | undefined,
): readonly TopRow[] {
  const rows = (status?.agents ?? []).flatMap(({ agent, instances }) =>
    instances.map((one): TopRow => {
      const isRunning = one.state === "running";
      const measured = usage?.get(one.id) ?? {};
      const isMeasured = measured.cpu !== undefined || measured.memoryBytes !== undefined;
      // An instance that does not run has no usage; its last report is outdated.
      const { cpu, memoryBytes } = isMeasured ? measured : isRunning ? one : {};
      return {
        ...{ instance: one.id, agent, state: isRunning ? (one.health ?? one.state) : one.state },
        ...(cpu !== undefined && { cpu }),
        ...(memoryBytes !== undefined && { memoryBytes }),
        ...((cpu !== undefined || memoryBytes !== undefined) && { measuredBy: isMeasured ? "target" : "instance" }),
        tasks: one.tasks?.length ?? 0,
        ...(one.tasksPerMinute !== undefined && { tasksPerMinute: one.tasksPerMinute }),
      };
    }),
  );
  return rows.sort((a, b) => (b.cpu ?? -1) - (a.cpu ?? -1) || (a.instance < b.instance ? -1 : 1));
}

/** Sums over instances; a sum over an unknown value is unknown. */
export function topTotals(rows: readonly TopRow[]) {
  const sum = (of: (row: TopRow) => number | undefined) =>
    rows.reduce<number | undefined>((total, row) => {
      const value = of(row);
      return total === undefined || value === undefined ? undefined : total + value;
    }, 0);
  const [cpu, memoryBytes] = [sum((row) => row.cpu), sum((row) => row.memoryBytes)];
  return {
    instances: rows.length,
    ...(cpu !== undefined && { cpu: Math.round(cpu * 1000) / 1000 }),
    ...(memoryBytes !== undefined && { memoryBytes }),
    tasks: rows.reduce((total, { tasks }) => total + tasks, 0),
  };
}

/** Renders rows with their sum. */
export function topTable(rows: readonly TopRow[]): string {
  if (rows.length === 0) return "no instances";
  const total = topTotals(rows);
  return table(
    ["INSTANCE", "AGENT", "STATE", "CPU", "MEMORY", "TASKS", "TASKS/MIN"],
    [
      ...rows.map((row) => [
        ...[row.instance, row.agent, row.state, cores(row), mebibytes(row)],
        ...[row.tasks, row.tasksPerMinute ?? "-"],
      ]),
      [`${total.instances} instances`, "", "", cores(total), mebibytes(total), total.tasks, ""],
    ],
  );
}

type Figures = Pick<TopRow, "cpu" | "memoryBytes" | "measuredBy">;

function cores({ cpu, measuredBy }: Figures): string {
  return cpu === undefined ? "-" : `${markOf(measuredBy)}${Math.round(cpu * 1000)}m`;
}

function mebibytes({ memoryBytes, measuredBy }: Figures): string {
  return memoryBytes === undefined ? "-" : `${markOf(measuredBy)}${Math.round(memoryBytes / 1024 / 1024)}Mi`;
}

function markOf(measuredBy: TopRow["measuredBy"]): string {
  return measuredBy === "instance" ? "~" : "";
}
