import { z } from "zod";
import { type SpawnTrigger, spawnTriggers } from "./config.ts";

/** One spawn. */
export interface SpawnRecord {
  readonly id: string;
  readonly spawnedNodeId: string;
  /** The template, or the node that was cloned. */
  readonly templateNodeId: string;
  readonly trigger: SpawnTrigger;
  readonly timestamp: Date;
  /** The settings that replaced those of the template. */
  readonly specialization: Readonly<Record<string, unknown>>;
  /** 0 for a node from a template, its parent's plus one for a clone. */
  readonly spawnDepth: number;
  readonly metadata: Readonly<Record<string, unknown>>;
}

export interface SpawnMetrics {
  readonly totalSpawns: number;
  readonly activeSpawns: number;
  /** Attempts that were allowed and then failed. */
  readonly failedSpawns: number;
  readonly avgSpawnLatencyMs: number;
  readonly spawnsByTrigger: Readonly<Record<SpawnTrigger, number>>;
}

/** A record as JSON: the time is in milliseconds since the epoch. */
export type StoredRecord = Omit<SpawnRecord, "timestamp"> & { readonly timestamp: number };

/** All that spawning remembers of one cluster, as JSON. */
export interface SpawnState {
  /** The newest last. */
  readonly records: readonly StoredRecord[];
  /** Ids of the nodes that are there. */
  readonly active: readonly string[];
  /** Milliseconds since the epoch. */
  readonly lastSpawnAt: number | undefined;
  readonly failed: number;
  readonly succeeded: number;
  readonly totalLatencyMs: number;
  /** Number of the last node, by template. */
  readonly numbers: Readonly<Record<string, number>>;
  readonly byTrigger: Readonly<Record<SpawnTrigger, number>>;
}

const triggerSchema = z.enum(spawnTriggers);

export const spawnStateSchema: z.ZodType<SpawnState> = z
  .object({
    records: z.array(
      z.object({
        id: z.string(),
        spawnedNodeId: z.string(),
        templateNodeId: z.string(),
        trigger: triggerSchema,
        timestamp: z.number(),
        specialization: z.record(z.string(), z.unknown()),
        spawnDepth: z.number(),
        metadata: z.record(z.string(), z.unknown()),
      }),
    ),
    active: z.array(z.string()),
    lastSpawnAt: z.number().optional(),
    failed: z.number(),
    succeeded: z.number(),
    totalLatencyMs: z.number(),
    numbers: z.record(z.string(), z.number()),
    byTrigger: z.record(triggerSchema, z.number()),
  })
  .transform((state) => ({ ...state, lastSpawnAt: state.lastSpawnAt }));

export const emptyState: SpawnState = {
  ...{ records: [], active: [], lastSpawnAt: undefined, failed: 0, succeeded: 0, totalLatencyMs: 0, numbers: {} },
  byTrigger: { performance_threshold: 0, workload_spike: 0, specialization_needed: 0, manual: 0 },
};

export function recordOf({ timestamp, ...record }: StoredRecord): SpawnRecord {
  return { ...record, timestamp: new Date(timestamp) };
}

export function metricsOf({ succeeded, active, failed, totalLatencyMs, byTrigger }: SpawnState): SpawnMetrics {
  return {
    totalSpawns: succeeded,
    activeSpawns: active.length,
    failedSpawns: failed,
    avgSpawnLatencyMs: succeeded === 0 ? 0 : totalLatencyMs / succeeded,
    spawnsByTrigger: byTrigger,
  };
}
