import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";

/** The stacks of clusters besides the one with their own name: destinations and sources of migrations. */
export class ClusterStacks {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Claims a name for a cluster; false when it is taken. */
  async claim(clusterId: string, stack: string): Promise<boolean> {
    const row = await this.#database.sql
      .insertInto("clusterStacks")
      .values({ stack, clusterId, createdAt: this.#clock.now() })
      .onConflict((conflict) => conflict.column("stack").doNothing())
      .returning("stack")
      .executeTakeFirst();
    return row !== undefined;
  }

  /** Id of the cluster that has a stack of this name. */
  async ownerOf(stack: string): Promise<string | undefined> {
    const row = await this.#database.sql
      .selectFrom("clusterStacks")
      .select("clusterId")
      .where("stack", "=", stack)
      .executeTakeFirst();
    return row?.clusterId;
  }

  /** Stacks of a cluster, oldest first. */
  async of(clusterId: string): Promise<readonly string[]> {
    const rows = await this.#database.sql
      .selectFrom("clusterStacks")
      .select("stack")
      .where("clusterId", "=", clusterId)
      .orderBy("createdAt")
      .orderBy("stack")
      .execute();
    return rows.map(({ stack }) => stack);
  }

  /** Cluster ids by stack. */
  async all(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.sql.selectFrom("clusterStacks").select(["stack", "clusterId"]).execute();
    return new Map(rows.map(({ stack, clusterId }) => [stack, clusterId]));
  }

  /** The stack no longer exists. */
  async release(stack: string): Promise<void> {
    await this.#database.sql.deleteFrom("clusterStacks").where("stack", "=", stack).execute();
  }
}
