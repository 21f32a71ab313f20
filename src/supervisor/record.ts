import { readdirSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { type FastCount, fastCountSchema } from "../agent-api/status.ts";
import { readJson, removeDurably, removeIfThere, systemCode, writeJson } from "../platform/files.ts";
import { isSameProcess } from "../platform/processes/guard.ts";
import { identify, type ProcessIdentity } from "../platform/processes/identity.ts";
import type { MarkedProcess } from "../platform/processes/marked.ts";
import { type PoolSpec, poolSpecSchema } from "./pool-spec.ts";
import type { SitePaths } from "./site.ts";

/** Persistent record of an instance, from which the next supervisor resumes. */
export interface InstanceRecord {
  readonly id: string;
  readonly agent: string;
  readonly ordinal: number;
  /** Undefined from just before the start of a process until just after it. */
  readonly process?: ProcessIdentity;
  /** Milliseconds since the epoch. */
  readonly startedAtMs?: number;
  readonly fingerprint: string;
  readonly restarts: number;
  /** Consecutive failures. */
  readonly failures: number;
  readonly reason?: string;
  readonly stopTimeoutMs: number;
}

/** Persistent record of a pool; a deleted pool stays until its last instance has stopped. */
export interface PoolRecord {
  readonly spec: PoolSpec;
  readonly removing: boolean;
  readonly fast?: FastCount;
}

const instanceRecordSchema: z.ZodType<InstanceRecord> = z.object({
  id: z.string(),
  agent: z.string(),
  ordinal: z.int(),
  process: z.object({ pid: z.int().positive(), startTime: z.string() }).exactOptional(),
  startedAtMs: z.number().exactOptional(),
  fingerprint: z.string(),
  restarts: z.int(),
  failures: z.int(),
  reason: z.string().exactOptional(),
  stopTimeoutMs: z.number(),
});

const poolRecordSchema: z.ZodType<PoolRecord> = z.object({
  spec: poolSpecSchema,
  removing: z.boolean(),
  fast: fastCountSchema.exactOptional(),
});

/**
 * The records of a site. Those of pools are durable; those of instances are worthless after a reboot and are not
 * synced.
 */
export class SiteRecords {
  readonly #paths: SitePaths;

  constructor(paths: SitePaths) {
    this.#paths = paths;
  }

  pools(): PoolRecord[] {
    return readAll(this.#paths.pools, poolRecordSchema);
  }

  writePool(record: PoolRecord): void {
    writeJson(join(this.#paths.pools, `${record.spec.agent}.json`), record, true);
  }

  removePool(agent: string): void {
    removeDurably(join(this.#paths.pools, `${agent}.json`));
  }

  instances(): InstanceRecord[] {
    return readAll(this.#paths.instances, instanceRecordSchema);
  }

  writeInstance(record: InstanceRecord): void {
    writeJson(join(this.#paths.instances, `${record.id}.json`), record);
  }

  removeInstance(id: string): void {
    removeIfThere(join(this.#paths.instances, `${id}.json`));
  }
}

function readAll<T>(folder: string, schema: z.ZodType<T>): T[] {
  return namesIn(folder)
    .filter((name) => name.endsWith(".json"))
    .sort()
    .map((name) => readJson(join(folder, name), schema))
    .filter((record) => record !== undefined);
}

function namesIn(folder: string): string[] {
  try {
    return readdirSync(folder);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return [];
    throw error;
  }
}

/**
 * The running process of a recorded instance, if any. A record without a process was written just before a start that
 * may have happened: then it is the oldest process with the instance's mark.
 */
export function runningProcess(record: InstanceRecord, marked: readonly MarkedProcess[]): ProcessIdentity | undefined {
  if (record.process) {
    const seen = identify(record.process.pid);
    return isSameProcess(record.process, seen) ? seen : undefined;
  }
  const found = marked.find((process) => process.instance === record.id);
  return found && { pid: found.pid, startTime: found.startTime };
}
