import { z } from "zod";
import type { MeasuredUsage } from "../driver.ts";

const cpuSchema = z.object({
  cpu_usage: z.object({ total_usage: z.number(), percpu_usage: z.array(z.number()).nullish() }).optional(),
  system_cpu_usage: z.number().optional(),
  online_cpus: z.number().optional(),
});

const statsSchema = z.object({
  cpu_stats: cpuSchema.prefault({}),
  precpu_stats: cpuSchema.prefault({}),
  memory_stats: z
    .object({ usage: z.number().optional(), stats: z.record(z.string(), z.number()).optional() })
    .prefault({}),
});

/** Usage of a container from two samples of the daemon; omits unknown values. A stopped container has none. */
export function containerUsage(stats: unknown): MeasuredUsage {
  const { data } = statsSchema.safeParse(stats);
  if (data === undefined) return {};
  const cpu = cpuOf(data.cpu_stats, data.precpu_stats);
  const { usage, stats: parts = {} } = data.memory_stats;
  // The page cache can be dropped: cgroup version 2, then 1.
  const cache = parts.inactive_file ?? parts.total_inactive_file ?? 0;
  return {
    ...(cpu !== undefined && { cpu }),
    ...(usage !== undefined && usage > 0 && { memoryBytes: Math.max(0, usage - cache) }),
  };
}

type Cpu = z.infer<typeof cpuSchema>;

/** Cores in use between two samples. */
function cpuOf(now: Cpu, before: Cpu): number | undefined {
  const [used, usedBefore] = [now.cpu_usage?.total_usage, before.cpu_usage?.total_usage];
  const [system, systemBefore] = [now.system_cpu_usage, before.system_cpu_usage];
  const cores = now.online_cpus ?? now.cpu_usage?.percpu_usage?.length;
  if (used === undefined || usedBefore === undefined || system === undefined || systemBefore === undefined)
    return undefined;
  if (cores === undefined || system <= systemBefore) return undefined;
  return Math.round(((Math.max(0, used - usedBefore) * cores) / (system - systemBefore)) * 1000) / 1000;
}
