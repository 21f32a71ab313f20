import { z } from "zod";
import { SwarmError } from "../errors.ts";

/** Why a node is spawned. */
export const SpawnTrigger = {
  PERFORMANCE_THRESHOLD: "performance_threshold",
  WORKLOAD_SPIKE: "workload_spike",
  SPECIALIZATION_NEEDED: "specialization_needed",
  MANUAL: "manual",
} as const;
export type SpawnTrigger = (typeof SpawnTrigger)[keyof typeof SpawnTrigger];

export const spawnTriggers = Object.values(SpawnTrigger);

/** Limits of spawning. */
export interface SpawnConfig {
  /** Spawned nodes at a time, 1 to 100. Default 10. */
  readonly maxSpawns: number;
  /** Least time between two spawns, 100 to 60,000 ms. Default 5,000. */
  readonly cooldownMs: number;
  /** A performance below it triggers a spawn, 0 to 1. Default 0.6. */
  readonly performanceThreshold: number;
  /** A number of requests over it triggers a spawn, 1 to 10,000. Default 100. */
  readonly workloadThreshold: number;
  /** Whether the two triggers fire. Default false. */
  readonly enableAutoSpawn: boolean;
  /** Longest chain of clones of clones, 1 to 10. Default 3. */
  readonly maxSpawnDepth: number;
}

const whole = (name: string, min: number, max: number) =>
  z
    .int(`${name} is no whole number`)
    .min(min, outside(name, min, max))
    .max(max, outside(name, min, max));

const schema = z.strictObject({
  maxSpawns: whole("maxSpawns", 1, 100).default(10),
  cooldownMs: whole("cooldownMs", 100, 60_000).default(5_000),
  performanceThreshold: z
    .number("performanceThreshold is no number")
    .min(0, outside("performanceThreshold", 0, 1))
    .max(1, outside("performanceThreshold", 0, 1))
    .default(0.6),
  workloadThreshold: whole("workloadThreshold", 1, 10_000).default(100),
  enableAutoSpawn: z.boolean("enableAutoSpawn is neither true nor false").default(false),
  maxSpawnDepth: whole("maxSpawnDepth", 1, 10).default(3),
}) satisfies z.ZodType<SpawnConfig>;

function outside(name: string, min: number, max: number): string {
  return `${name} is outside of ${min} to ${max}`;
}

/** Checks a configuration and adds the defaults. @throws SwarmError SW740 that names each field and its range */
export function spawnConfig(given: Partial<SpawnConfig> = {}): SpawnConfig {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const problems = parsed.error.issues.map(({ message }) => message);
  throw new SwarmError("SW740", `the spawn configuration is not valid: ${problems.join("; ")}`, {
    values: { given, problems },
  });
}
