/** What one instance used, with all processes of its session. */
export interface Usage {
  /** Cores in use between the last two samples, e.g. 0.25; undefined after the first one. */
  readonly cpu?: number;
  readonly memoryBytes: number;
}

/** One process as the system shows it. */
export interface ProcessSample {
  readonly pid: number;
  /** Number of the process that leads its session (on macOS: its group), which is the instance's first process. */
  readonly leader: number;
  /** Processor time of the process, and of its ended children. */
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** The sums of one instance at one time. */
export interface UsageSample {
  readonly atMs: number;
  readonly cpuMs: number;
  readonly memoryBytes: number;
}

/** Adds up the processes of each leader. */
export function sumByLeader(processes: readonly ProcessSample[], atMs: number): Map<number, UsageSample> {
  const sums = new Map<number, UsageSample>();
  for (const { leader, cpuMs, memoryBytes } of processes) {
    const sum = sums.get(leader) ?? { atMs, cpuMs: 0, memoryBytes: 0 };
    sums.set(leader, { atMs, cpuMs: sum.cpuMs + cpuMs, memoryBytes: sum.memoryBytes + memoryBytes });
  }
  return sums;
}

/** The use between two samples. A sum that fell (a child was not waited for) counts as no use. */
export function usageBetween(before: UsageSample | undefined, now: UsageSample): Usage {
  const { memoryBytes } = now;
  const elapsedMs = before === undefined ? 0 : now.atMs - before.atMs;
  if (before === undefined || elapsedMs <= 0) return { memoryBytes };
  const cpu = Math.max(0, now.cpuMs - before.cpuMs) / elapsedMs;
  return { cpu: Math.round(cpu * 1000) / 1000, memoryBytes };
}
