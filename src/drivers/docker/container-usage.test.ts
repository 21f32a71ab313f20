import { expect, test } from "vitest";
import { containerUsage } from "./container-usage.ts";

const cpu = (total: number, system: number) => ({
  ...{ cpu_usage: { total_usage: total }, system_cpu_usage: system, online_cpus: 4 },
});

test.each<[string, object, object]>([
  [
    "two samples",
    {
      cpu_stats: cpu(300, 2_000),
      precpu_stats: cpu(100, 1_000),
      memory_stats: { usage: 900, stats: { inactive_file: 100 } },
    },
    { cpu: 0.8, memoryBytes: 800 },
  ],
  ["cgroup version 1", { memory_stats: { usage: 900, stats: { total_inactive_file: 200 } } }, { memoryBytes: 700 }],
  ["a first sample has no CPU", { cpu_stats: cpu(300, 2_000), precpu_stats: { cpu_usage: { total_usage: 0 } } }, {}],
  ["no time between the samples", { cpu_stats: cpu(300, 2_000), precpu_stats: cpu(300, 2_000) }, {}],
  ["idle is zero", { cpu_stats: cpu(300, 2_000), precpu_stats: cpu(300, 1_000) }, { cpu: 0 }],
  ["a container that does not run", { cpu_stats: { cpu_usage: { total_usage: 0 } }, memory_stats: {} }, {}],
  ["an answer of another shape", { cpu_stats: "x" }, {}],
])("%s", (_name, stats, usage) => {
  expect(containerUsage(stats)).toEqual(usage);
});
