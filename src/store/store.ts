import { CamelCasePlugin, Kysely } from "kysely";
import { SwarmError } from "../errors.ts";
import { ClusterAgents } from "./agents.ts";
import { Audit } from "./audit.ts";
import { ClusterBlueprints } from "./blueprints.ts";
import type { WallClock } from "./clock.ts";
import { Clusters } from "./clusters.ts";
import { createDatabase, type Database, transaction } from "./database.ts";
import { type Lease, Leases } from "./leases.ts";
import type { StoreLocation } from "./location.ts";
import { ClusterMetrics } from "./metrics.ts";
import { migrate } from "./migrate.ts";
import { Operations } from "./operations.ts";
import { ScalingDecisions } from "./scaling-decisions.ts";
import { ScalingMemories } from "./scaling-memories.ts";
import { ScalingPauses } from "./scaling-pauses.ts";
import type { Schema } from "./schema.ts";
import { SpawnStates } from "./spawn-states.ts";
import { ClusterStacks } from "./stacks.ts";

/** The durable records, one repository for each table. */
export interface Records {
  readonly database: Database;
  readonly clusters: Clusters;
  readonly agents: ClusterAgents;
  readonly blueprints: ClusterBlueprints;
  readonly metrics: ClusterMetrics;
  readonly stacks: ClusterStacks;
  readonly leases: Leases;
  readonly operations: Operations;
  readonly audit: Audit;
  readonly scalingMemories: ScalingMemories;
  readonly scalingDecisions: ScalingDecisions;
  readonly scalingPauses: ScalingPauses;
  readonly spawnStates: SpawnStates;
}

export interface Store extends Records {
  /** Runs work on the records in one transaction. */
  transaction<Value>(work: (records: Records) => Promise<Value>): Promise<Value>;
  /**
   * Like `transaction`, for the holder of a lease.
   * @throws SW601 when another process has taken it over; nothing is written.
   */
  fenced<Value>(lease: Lease, work: (records: Records) => Promise<Value>): Promise<Value>;
  close(): Promise<void>;
}

/**
 * Opens the store and brings its tables to this version.
 *
 * @throws SW603 when it cannot be opened, or was written by a newer version.
 *
 * @example
 * const store = await openStore(storeLocation(process.env["DATABASE_URL"], folder), systemClock);
 */
export async function openStore(location: StoreLocation, clock: WallClock): Promise<Store> {
  const sql = new Kysely<Schema>({ dialect: await dialectFor(location), plugins: [new CamelCasePlugin()] });
  const database = createDatabase(location.kind, sql);
  try {
    await migrate(sql);
  } catch (error) {
    await sql.destroy().catch(() => {});
    throw error instanceof SwarmError ? error : unusable(location, error);
  }
  return {
    ...recordsIn(database, clock),
    transaction: (work) => transaction(database, (inside) => work(recordsIn(inside, clock))),
    fenced: (lease, work) =>
      transaction(database, async (inside) => {
        const records = recordsIn(inside, clock);
        await records.leases.prove(inside, lease);
        return work(records);
      }),
    close: () => sql.destroy(),
  };
}

/** Loads only the driver in use. */
async function dialectFor(location: StoreLocation) {
  if (location.kind === "postgres") return (await import("./dialects/postgres.ts")).postgresDialect(location.url);
  return new (await import("./dialects/sqlite.ts")).SqliteFileDialect(location.path);
}

function recordsIn(database: Database, clock: WallClock): Records {
  const leases = new Leases(database, clock);
  return {
    database,
    clusters: new Clusters(database, clock),
    agents: new ClusterAgents(database, clock),
    blueprints: new ClusterBlueprints(database, clock),
    metrics: new ClusterMetrics(database, clock),
    stacks: new ClusterStacks(database, clock),
    leases,
    operations: new Operations(database, clock, leases),
    audit: new Audit(database, clock),
    scalingMemories: new ScalingMemories(database, clock),
    scalingDecisions: new ScalingDecisions(database, clock),
    scalingPauses: new ScalingPauses(database, clock),
    spawnStates: new SpawnStates(database, clock),
  };
}

function unusable(location: StoreLocation, cause: unknown): SwarmError {
  const place = location.kind === "sqlite" ? `the file ${location.path}` : `the server of DATABASE_URL`;
  const reason = cause instanceof Error ? cause.message : String(cause);
  return new SwarmError("SW603", `the store cannot be opened: ${place}: ${reason}`, { cause });
}
