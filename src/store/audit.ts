import type { Selectable } from "kysely";
import type { WallClock } from "./clock.ts";
import type { Database } from "./database.ts";
import { newId } from "./ids.ts";
import { fromColumn, type Json, toColumn } from "./json.ts";
import { type Page, type PageRequest, page } from "./page.ts";
import type { AuditTable } from "./schema.ts";

export interface AuditRow extends Omit<Selectable<AuditTable>, "detail"> {
  readonly detail: Json;
}

export interface NewAuditEntry {
  readonly actor: string;
  readonly action: string;
  readonly clusterId?: string;
  readonly operationId?: string;
  readonly detail?: Json;
}

/** Who changed what: written with the change in one transaction, never changed, never deleted. */
export class Audit {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  async append({ actor, action, clusterId, operationId, detail }: NewAuditEntry): Promise<void> {
    const at = this.#clock.now();
    await this.#database.sql
      .insertInto("audit")
      .values({
        ...{ id: newId("audit", at), at, actor, action },
        ...{ clusterId: clusterId ?? null, operationId: operationId ?? null, detail: toColumn(detail) },
      })
      .execute();
  }

  async list({ clusterId, limit, before }: PageRequest & { readonly clusterId?: string }): Promise<Page<AuditRow>> {
    let query = this.#database.sql.selectFrom("audit").selectAll();
    if (clusterId !== undefined) query = query.where("clusterId", "=", clusterId);
    if (before !== undefined) query = query.where("id", "<", before);
    const rows = await query
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    return page(
      rows,
      limit,
      (row) => row.id,
      (row) => ({ ...row, detail: fromColumn(row.detail) }),
    );
  }
}
