import type { Selectable } from "kysely";
import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import type { ScalingPausesTable } from "./schema.ts";

export type ScalingPause = Selectable<ScalingPausesTable>;

export type NewScalingPause = Omit<ScalingPause, "since">;

/** The agent of a pause of the whole cluster. */
export const wholeCluster = "";

/** Pauses of the autoscaler that people asked for. */
export class ScalingPauses {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** Pauses an agent or the whole cluster; replaces an earlier pause of the same. */
  async pause(pause: NewScalingPause): Promise<void> {
    const row = { ...pause, since: this.#clock.now() };
    await this.#database.sql
      .insertInto("scalingPauses")
      .values(row)
      .onConflict((conflict) => conflict.columns(["clusterId", "agent"]).doUpdateSet(row))
      .execute();
  }

  /** Ends the pause of an agent, or all pauses of the cluster. @returns how many were in force */
  async resume(clusterId: string, agent: string): Promise<number> {
    let query = this.#database.sql.deleteFrom("scalingPauses").where("clusterId", "=", clusterId);
    if (agent !== wholeCluster) query = query.where("agent", "=", agent);
    const now = this.#clock.now();
    const ended = await query.returningAll().execute();
    return ended.filter((pause) => isInForce(pause, now)).length;
  }

  /** The pauses in force. */
  async list(clusterId: string): Promise<readonly ScalingPause[]> {
    const now = this.#clock.now();
    const rows = await this.#database.sql
      .selectFrom("scalingPauses")
      .selectAll()
      .where("clusterId", "=", clusterId)
      .orderBy("agent")
      .execute();
    return rows.filter((pause) => isInForce(pause, now));
  }
}

function isInForce({ until }: ScalingPause, now: number): boolean {
  return until === null || until > now;
}
