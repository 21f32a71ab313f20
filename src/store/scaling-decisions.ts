import type { Selectable } from "kysely";
import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { fromColumn, type Json } from "./json.ts";
import { type Page, type PageRequest, page } from "./page.ts";
import type { ScalingDecisionsTable } from "./schema.ts";

export interface ScalingDecisionRow extends Omit<Selectable<ScalingDecisionsTable>, "detail" | "outcome"> {
  readonly detail: Json;
  readonly outcome: Json;
}

export interface NewScalingDecision {
  readonly clusterId: string;
  readonly token: number;
  readonly causedBy: string;
  readonly detail: Json;
}

/** How many decisions of a cluster are kept, and for how long. */
const kept = { most: 500, ms: 7 * 86_400_000 };

/** The decisions of the autoscaler, bounded in number for each cluster and in time. Write them under the lease. */
export class ScalingDecisions {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /** @returns the id of the decision */
  async append({ clusterId, token, causedBy, detail }: NewScalingDecision): Promise<string> {
    const at = this.#clock.now();
    const id = newId("decision", at);
    await this.#database.sql
      .insertInto("scalingDecisions")
      .values({ id, clusterId, at, token, causedBy, detail: JSON.stringify(detail), outcome: null })
      .execute();
    return id;
  }

  /** Adds what became of the writes. */
  async settle(id: string, outcome: Json): Promise<void> {
    await this.#database.sql
      .updateTable("scalingDecisions")
      .set({ outcome: JSON.stringify(outcome) })
      .where("id", "=", id)
      .execute();
  }

  /** Newest first. */
  async list(clusterId: string, { limit, before }: PageRequest): Promise<Page<ScalingDecisionRow>> {
    let query = this.#database.sql.selectFrom("scalingDecisions").selectAll().where("clusterId", "=", clusterId);
    if (before !== undefined) query = query.where("id", "<", before);
    const rows = await query
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    return page(
      rows,
      limit,
      (row) => row.id,
      (row) => ({ ...row, detail: fromColumn(row.detail), outcome: fromColumn(row.outcome) }),
    );
  }

  /** Deletes what is over the bounds: old decisions of all clusters, and surplus ones of this cluster. */
  async prune(clusterId: string, { most, ms } = kept): Promise<void> {
    const { sql } = this.#database;
    await sql
      .deleteFrom("scalingDecisions")
      .where("at", "<", this.#clock.now() - ms)
      .execute();
    const oldest = await sql
      .selectFrom("scalingDecisions")
      .select("id")
      .where("clusterId", "=", clusterId)
      .orderBy("id", "desc")
      .offset(most)
      .limit(1)
      .executeTakeFirst();
    if (oldest === undefined) return;
    await sql.deleteFrom("scalingDecisions").where("clusterId", "=", clusterId).where("id", "<=", oldest.id).execute();
  }
}
