import type { Selectable } from "kysely";
import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { fromColumn, type Json } from "./json.ts";
import { type Page, type PageRequest, page } from "./page.ts";
import type { ClustersTable } from "./schema.ts";

/** The states of a cluster, named as in the original. */
export type LifecycleState =
  | "PLANNING"
  | "SPAWNING"
  | "ACTIVE"
  | "SCALING_UP"
  | "SCALING_DOWN"
  | "HIBERNATING"
  | "HIBERNATED"
  | "REACTIVATING"
  | "MIGRATING"
  | "DESTROYING"
  | "DESTROYED"
  | "FAILED";

export interface Cluster extends Omit<Selectable<ClustersTable>, "wish" | "status"> {
  readonly status: LifecycleState;
  readonly wish: Json;
}

type Given = Omit<Cluster, "id" | "version" | "createdAt" | "updatedAt" | "destroyedAt" | "statusReason">;
type Optional = "blueprintFile" | "blueprintText" | "environmentUntil";
export type NewCluster = Omit<Given, Optional> & Partial<Pick<Given, Optional>>;

/** What an update may change; `activate` changes `activeStack`, and `destroyedAt` follows the status. */
export type ClusterChanges = Partial<
  Omit<Cluster, "id" | "tenant" | "activeStack" | "version" | "createdAt" | "updatedAt" | "destroyedAt">
>;

export interface ClusterFilter extends PageRequest {
  readonly tenant?: string | undefined;
  readonly status?: LifecycleState | undefined;
  /** Only clusters that are not destroyed. */
  readonly present?: boolean;
}

export class Clusters {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Creates a cluster; undefined when the tenant has one of this name. */
  async create(cluster: NewCluster): Promise<Cluster | undefined> {
    const now = this.#clock.now();
    const row = await this.#database.sql
      .insertInto("clusters")
      .values({
        ...{ blueprintFile: null, blueprintText: null, environmentUntil: null },
        ...cluster,
        wish: JSON.stringify(cluster.wish),
        id: newId("cluster", now),
        statusReason: null,
        version: 1,
        createdAt: now,
        updatedAt: now,
        destroyedAt: null,
      })
      .onConflict((conflict) => conflict.doNothing())
      .returningAll()
      .executeTakeFirst();
    return row && fromRow(row);
  }

  async show(id: string): Promise<Cluster | undefined> {
    const row = await this.#database.sql.selectFrom("clusters").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** The cluster of this name that was destroyed last. */
  async lastDestroyed(tenant: string, name: string): Promise<Cluster | undefined> {
    const row = await this.#database.sql
      .selectFrom("clusters")
      .selectAll()
      .where("tenant", "=", tenant)
      .where("name", "=", name)
      .where("destroyedAt", "is not", null)
      .orderBy("destroyedAt", "desc")
      .executeTakeFirst();
    return row && fromRow(row);
  }

  /** The cluster of this name that is not destroyed. */
  async byName(tenant: string, name: string): Promise<Cluster | undefined> {
    const row = await this.#database.sql
      .selectFrom("clusters")
      .selectAll()
      .where("tenant", "=", tenant)
      .where("name", "=", name)
      .where("destroyedAt", "is", null)
      .executeTakeFirst();
    return row && fromRow(row);
  }

  async list({ tenant, status, present, limit, before }: ClusterFilter): Promise<Page<Cluster>> {
    let query = this.#database.sql.selectFrom("clusters").selectAll();
    if (tenant !== undefined) query = query.where("tenant", "=", tenant);
    if (status !== undefined) query = query.where("status", "=", status);
    if (present) query = query.where("destroyedAt", "is", null);
    if (before !== undefined) query = query.where("id", "<", before);
    const rows = await query
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    return page(rows, limit, (row) => row.id, fromRow);
  }

  /** Compare-and-swap: undefined when the version of the row has changed. */
  async update(id: string, version: number, { wish, ...changes }: ClusterChanges): Promise<Cluster | undefined> {
    const now = this.#clock.now();
    const written = {
      ...changes,
      ...(wish !== undefined && { wish: JSON.stringify(wish) }),
      ...(changes.status === "DESTROYED" && { destroyedAt: now }),
    };
    const row = await this.#database.sql
      .updateTable("clusters")
      .set({ ...written, version: version + 1, updatedAt: now })
      .where("id", "=", id)
      .where("version", "=", version)
      .returningAll()
      .executeTakeFirst();
    return row && fromRow(row);
  }

  /** Compare-and-swap of the active stack: undefined when it is not `from`. */
  async activate(id: string, from: string, to: string): Promise<Cluster | undefined> {
    const row = await this.#database.sql
      .updateTable("clusters")
      .set((now) => ({ activeStack: to, version: now("version", "+", 1), updatedAt: this.#clock.now() }))
      .where("id", "=", id)
      .where("activeStack", "=", from)
      .returningAll()
      .executeTakeFirst();
    return row && fromRow(row);
  }
}

function fromRow(row: Selectable<ClustersTable>): Cluster {
  return { ...row, status: row.status as LifecycleState, wish: fromColumn(row.wish) };
}
