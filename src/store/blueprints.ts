import type { Selectable } from "kysely";
import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import { type Page, type PageRequest, page } from "./page.ts";
import type { ClusterBlueprintsTable } from "./schema.ts";

export type StoredBlueprint = Readonly<Selectable<ClusterBlueprintsTable>>;

/** Blueprints by id and version; a version that is there does not change any more. */
export class ClusterBlueprints {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Stores a version, or gives the stored one back; its digest tells whether they are the same. */
  async put(blueprint: Omit<StoredBlueprint, "createdAt">): Promise<StoredBlueprint> {
    const inserted = await this.#database.sql
      .insertInto("clusterBlueprints")
      .values({ ...blueprint, createdAt: this.#clock.now() })
      .onConflict((conflict) => conflict.columns(["id", "version"]).doNothing())
      .returningAll()
      .executeTakeFirst();
    if (inserted !== undefined) return inserted;
    return this.#database.sql
      .selectFrom("clusterBlueprints")
      .selectAll()
      .where("id", "=", blueprint.id)
      .where("version", "=", blueprint.version)
      .executeTakeFirstOrThrow();
  }

  /** One version, or the one that was stored last. */
  show(id: string, version?: string): Promise<StoredBlueprint | undefined> {
    let query = this.#database.sql.selectFrom("clusterBlueprints").selectAll().where("id", "=", id);
    if (version !== undefined) query = query.where("version", "=", version);
    return query.orderBy("createdAt", "desc").orderBy("version", "desc").limit(1).executeTakeFirst();
  }

  /** All versions of all blueprints, by id and version, both descending. */
  async list({ limit, before }: PageRequest): Promise<Page<StoredBlueprint>> {
    let query = this.#database.sql.selectFrom("clusterBlueprints").selectAll();
    if (before !== undefined) {
      const [id = "", version = ""] = before.split("@", 2);
      query = query.where((where) =>
        where.or([where("id", "<", id), where.and([where("id", "=", id), where("version", "<", version)])]),
      );
    }
    const rows = await query
      .orderBy("id", "desc")
      .orderBy("version", "desc")
      .limit(limit + 1)
      .execute();
    return page(
      rows,
      limit,
      (row) => `${row.id}@${row.version}`,
      (row) => row,
    );
  }
}
