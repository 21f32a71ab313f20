import type { Selectable, Updateable } from "kysely";
import { SwarmError } from "../errors.ts";
import type { WallClock } from "./clock.ts";
import { type Database, type InTransaction, transaction } from "./database.ts";
import { newId } from "./ids.ts";
import { fromColumn, type Json, toColumn } from "./json.ts";
import type { Lease, Leases } from "./leases.ts";
import { type Page, type PageRequest, page } from "./page.ts";
import type { OperationStepsTable, OperationsTable } from "./schema.ts";

/** `refused`: it was not allowed, or what it needs is missing, and nothing was changed; up to version 0.1 `cancelled`. */
export type OperationStatus = "queued" | "running" | "succeeded" | "failed" | "rolled-back" | "cancelled" | "refused";

/** A change of a cluster, written before its first effect. */
export interface Operation
  extends Omit<Selectable<OperationsTable>, "status" | "wishBefore" | "wishAfter" | "error" | "token"> {
  readonly status: OperationStatus;
  readonly wishBefore: Json;
  readonly wishAfter: Json;
  readonly error: Json;
}

export interface NewOperation {
  readonly clusterId: string;
  readonly kind: string;
  readonly wishBefore?: Json;
  readonly wishAfter?: Json;
  readonly generation: number;
  readonly actor: string;
  readonly reason?: string;
}

export interface OperationChanges {
  readonly status?: OperationStatus;
  readonly kind?: string;
  readonly wishBefore?: Json;
  readonly session?: string;
  readonly error?: Json;
}

export interface OperationStep {
  readonly position: number;
  readonly name: string;
  readonly status: "running" | "succeeded" | "failed" | "undone";
  readonly detail?: Json;
}

/** The journal of operations: every write after the first requires a current lease. */
export class Operations {
  readonly #database: Database;
  readonly #clock: WallClock;
  readonly #leases: Leases;

  constructor(database: Database, clock: WallClock, leases: Leases) {
    this.#database = database;
    this.#clock = clock;
    this.#leases = leases;
  }

  async open({ wishBefore, wishAfter, reason, ...operation }: NewOperation): Promise<Operation> {
    const now = this.#clock.now();
    const row = await this.#database.sql
      .insertInto("operations")
      .values({
        ...operation,
        ...{ id: newId("op", now), status: "queued", wishBefore: toColumn(wishBefore), wishAfter: toColumn(wishAfter) },
        ...{ reason: reason ?? null, error: null, session: null, token: null },
        ...{ createdAt: now, updatedAt: now, endedAt: null, cancelRequestedAt: null },
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    return fromRow(row);
  }

  /**
   * Changes an operation that has not ended.
   * @throws SW601 when another process has taken the lease over, or the operation has ended.
   */
  async write(id: string, lease: Lease, { status, session, error, kind, wishBefore }: OperationChanges): Promise<void> {
    const now = this.#clock.now();
    const changes: Updateable<OperationsTable> = { token: lease.token, updatedAt: now };
    if (status !== undefined) changes.status = status;
    if (status !== undefined && status !== "queued" && status !== "running") changes.endedAt = now;
    if (session !== undefined) changes.session = session;
    if (kind !== undefined) changes.kind = kind;
    if (wishBefore !== undefined) changes.wishBefore = toColumn(wishBefore);
    if (error !== undefined) changes.error = toColumn(error);
    await this.#fenced(id, lease, ({ sql }) =>
      sql.updateTable("operations").set(changes).where("id", "=", id).execute(),
    );
  }

  /**
   * Records the progress of a step; the same position again replaces its record.
   * @throws SW601 when another process has taken the lease over, or the operation has ended.
   */
  async record(id: string, lease: Lease, { position, name, status, detail }: OperationStep): Promise<void> {
    const now = this.#clock.now();
    const step = { name, status, detail: toColumn(detail), endedAt: status === "running" ? null : now };
    await this.#fenced(id, lease, ({ sql }) =>
      sql
        .insertInto("operationSteps")
        .values({ operationId: id, position, ...step, startedAt: now })
        .onConflict((conflict) => conflict.columns(["operationId", "position"]).doUpdateSet(step))
        .execute(),
    );
  }

  /**
   * Resumes an operation that has failed, or whose runner has ended.
   * @returns false when it has ended otherwise.
   * @throws SW601 when another process has taken the lease over.
   */
  reopen(id: string, lease: Lease, session: string): Promise<boolean> {
    return transaction(this.#database, async (inside) => {
      await this.#leases.prove(inside, lease);
      const { numUpdatedRows } = await inside.sql
        .updateTable("operations")
        .set({
          status: "running",
          session,
          token: lease.token,
          error: null,
          endedAt: null,
          cancelRequestedAt: null,
          updatedAt: this.#clock.now(),
        })
        .where("id", "=", id)
        .where("status", "in", ["queued", "running", "failed"])
        .executeTakeFirst();
      return numUpdatedRows === 1n;
    });
  }

  /** Requests the runner of an operation to roll it back; false when it is not running. */
  async requestCancel(id: string): Promise<boolean> {
    const { numUpdatedRows } = await this.#database.sql
      .updateTable("operations")
      .set({ cancelRequestedAt: this.#clock.now() })
      .where("id", "=", id)
      .where("status", "=", "running")
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  /** Ends an operation that has not started; false when it has. */
  async cancel(id: string, status: "cancelled" | "refused" = "cancelled"): Promise<boolean> {
    const now = this.#clock.now();
    const { numUpdatedRows } = await this.#database.sql
      .updateTable("operations")
      .set({ status, endedAt: now, updatedAt: now })
      .where("id", "=", id)
      .where("status", "=", "queued")
      .executeTakeFirst();
    return numUpdatedRows === 1n;
  }

  async show(id: string): Promise<Operation | undefined> {
    const row = await this.#database.sql.selectFrom("operations").selectAll().where("id", "=", id).executeTakeFirst();
    return row && fromRow(row);
  }

  /** The steps of an operation, by position. */
  async steps(id: string): Promise<readonly (Omit<Selectable<OperationStepsTable>, "detail"> & { detail: Json })[]> {
    const rows = await this.#database.sql
      .selectFrom("operationSteps")
      .selectAll()
      .where("operationId", "=", id)
      .orderBy("position")
      .execute();
    return rows.map((row) => ({ ...row, detail: fromColumn(row.detail) }));
  }

  async list(
    request: PageRequest & { clusterId?: string; status?: OperationStatus; kinds?: readonly string[] },
  ): Promise<Page<Operation>> {
    const { clusterId, status, kinds, limit, before } = request;
    let query = this.#database.sql.selectFrom("operations").selectAll();
    if (clusterId !== undefined) query = query.where("clusterId", "=", clusterId);
    if (status !== undefined) query = query.where("status", "=", status);
    if (kinds !== undefined) query = query.where("kind", "in", kinds);
    if (before !== undefined) query = query.where("id", "<", before);
    const rows = await query
      .orderBy("id", "desc")
      .limit(limit + 1)
      .execute();
    return page(rows, limit, (row) => row.id, fromRow);
  }

  async #fenced(id: string, lease: Lease, work: (inside: InTransaction) => Promise<unknown>): Promise<void> {
    await transaction(this.#database, async (inside) => {
      await this.#leases.prove(inside, lease);
      const open = await inside.sql
        .selectFrom("operations")
        .select("id")
        .where("id", "=", id)
        .where("endedAt", "is", null)
        .executeTakeFirst();
      if (open === undefined) throw new SwarmError("SW601", `operation ${id} has ended; nothing was written`);
      await work(inside);
    });
  }
}

function fromRow({ token: _, ...row }: Selectable<OperationsTable>): Operation {
  return {
    ...row,
    status: row.status as OperationStatus,
    wishBefore: fromColumn(row.wishBefore),
    wishAfter: fromColumn(row.wishAfter),
    error: fromColumn(row.error),
  };
}
