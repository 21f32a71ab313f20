import { SwarmError } from "../errors.ts";
import type { WallClock } from "./clock.ts";
import { type Database, type InTransaction, locked, transaction } from "./database.ts";

/** The right to work on something until it expires, proved by its token. */
export interface Lease {
  readonly name: string;
  readonly holder: string;
  /** The fencing token: whoever takes the lease later has a higher one. */
  readonly token: number;
  readonly expiresAt: number;
}

export type Acquired =
  | { readonly ok: true; readonly lease: Lease; readonly takenOverFrom: string | undefined }
  | { readonly ok: false; readonly holder: string; readonly expiresAt: number };

/**
 * Leases with fencing tokens (Kleppmann, "How to do distributed locking", 2016): a holder that lost its lease without
 * noticing is refused by the token, whatever its clock says. Time decides only when somebody else may take over.
 */
export class Leases {
  readonly #database: Database;
  readonly #clock: WallClock;

  constructor(database: Database, clock: WallClock) {
    this.#database = database;
    this.#clock = clock;
  }

  /**
   * Takes a lease that is free or expired, or takes it anew for the same holder, always with a higher token.
   *
   * @param dead a holder that is known to be gone: its lease counts as expired.
   */
  acquire(name: string, holder: string, ttlMs: number, dead?: string): Promise<Acquired> {
    return transaction(this.#database, async (inside) => {
      const now = this.#clock.now();
      // The row must be there before it can be locked: two first takers must meet on it.
      await inside.sql
        .insertInto("leases")
        .values({ name, holder: "", token: 0, expiresAt: 0 })
        .onConflict((conflict) => conflict.column("name").doNothing())
        .execute();
      const row = await this.#row(inside, name);
      const held = row !== undefined && row.holder !== "" && row.holder !== dead && row.expiresAt > now;
      if (held && row.holder !== holder) return { ok: false, holder: row.holder, expiresAt: row.expiresAt };
      const lease = { name, holder, token: (row?.token ?? 0) + 1, expiresAt: now + ttlMs };
      await inside.sql
        .updateTable("leases")
        .set({ holder, token: lease.token, expiresAt: lease.expiresAt })
        .where("name", "=", name)
        .execute();
      const before = row === undefined || row.holder === "" || row.holder === holder ? undefined : row.holder;
      return { ok: true, lease, takenOverFrom: before };
    });
  }

  /** Holds it for longer; undefined when somebody else took it. An expired lease that nobody took is renewed. */
  renew(lease: Lease, ttlMs: number): Promise<Lease | undefined> {
    return transaction(this.#database, async (inside) => {
      if (!(await this.holds(inside, lease))) return undefined;
      const renewed = { ...lease, expiresAt: this.#clock.now() + ttlMs };
      await inside.sql
        .updateTable("leases")
        .set({ expiresAt: renewed.expiresAt })
        .where("name", "=", lease.name)
        .execute();
      return renewed;
    });
  }

  /** Gives it back; one that somebody else holds by now stays theirs. */
  release(lease: Lease): Promise<boolean> {
    return transaction(this.#database, async (inside) => {
      if (!(await this.holds(inside, lease))) return false;
      await inside.sql.updateTable("leases").set({ holder: "", expiresAt: 0 }).where("name", "=", lease.name).execute();
      return true;
    });
  }

  /** Who holds it now. */
  async show(name: string): Promise<Lease | undefined> {
    const row = await this.#database.sql
      .selectFrom("leases")
      .selectAll()
      .where("name", "=", name)
      .where("holder", "<>", "")
      .where("expiresAt", ">", this.#clock.now())
      .executeTakeFirst();
    return row;
  }

  /** All that are held now, of those whose names begin so. */
  held(prefix: string): Promise<readonly Lease[]> {
    return this.#database.sql
      .selectFrom("leases")
      .selectAll()
      .where("name", "like", `${prefix}%`)
      .where("holder", "<>", "")
      .where("expiresAt", ">", this.#clock.now())
      .orderBy("name")
      .execute();
  }

  /** Whether a lease is still its holder's; locks it, so that it stays so until the transaction ends. */
  async holds(inside: InTransaction, lease: Lease): Promise<boolean> {
    const row = await this.#row(inside, lease.name);
    return row !== undefined && this.isProof(row, lease);
  }

  /** As `holds`. @throws SW601 when somebody else has taken it over. */
  async prove(inside: InTransaction, lease: Lease): Promise<void> {
    if (await this.holds(inside, lease)) return;
    throw new SwarmError("SW601", `the lease of ${lease.name} was taken over; nothing was written`, {
      values: { lease: lease.name, token: lease.token },
    });
  }

  protected isProof(row: Lease, lease: Lease): boolean {
    return row.token === lease.token && row.holder === lease.holder;
  }

  #row(inside: InTransaction, name: string): Promise<Lease | undefined> {
    return locked(inside, inside.sql.selectFrom("leases").selectAll().where("name", "=", name)).executeTakeFirst();
  }
}
