import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";

/** The stacks that clusters have beside the one of their own name: where they went to, and what they left behind. */
export class ClusterStacks {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Makes a name the cluster's own; false where it is somebody's already. */
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

  /** Oldest first. */
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

  /** By stack: ids of their clusters. */
  async all(): Promise<ReadonlyMap<string, string>> {
    const rows = await this.#database.sql.selectFrom("clusterStacks").select(["stack", "clusterId"]).execute();
    return new Map(rows.map(({ stack, clusterId }) => [stack, clusterId]));
  }

  /** The stack is gone. */
  async release(stack: string): Promise<void> {
    await this.#database.sql.deleteFrom("clusterStacks").where("stack", "=", stack).execute();
  }
}
