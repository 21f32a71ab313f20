import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import { readStored } from "../../tasks/shallow-json.ts";
import {
  type MemoryContent,
  type MemoryEntry,
  type MemoryKey,
  type MemoryListRequest,
  type MemoryPage,
  type MemoryWrite,
  type MemoryWriter,
  maxValueBytes,
  type SharedMemory,
} from "./memory.ts";
import { refuseOverQuota, type Usage, type UsageBeside } from "./quota.ts";

const row = z.object({
  key: z.string(),
  value: z.string(),
  version: z.number(),
  expires_at: z.number().nullable(),
  instance: z.string().nullable(),
  agent: z.string().nullable(),
  bytes: z.number(),
});
const keyRow = row.omit({ value: true });
const usageRow = z.object({ keys: z.number(), bytes: z.number() });
const numberRow = z.object({ number: z.number() });

const keyColumns = "key, version, expires_at, instance, agent, bytes";
const isPresent = "(expires_at IS NULL OR expires_at > ?)";

interface Written {
  readonly version: number;
  readonly expiresAtMs?: number | undefined;
  readonly writer?: MemoryWriter | undefined;
}

/** The newest columns; a table of an older version gets them. */
const tables = `
  CREATE TABLE IF NOT EXISTS memory (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER,
    instance TEXT, agent TEXT, bytes INTEGER NOT NULL DEFAULT 0
  ) STRICT;
`;

/** The shared memory in a table: a counter issues the versions, so an expired key never returns with an old version. */
export class SqliteMemory implements SharedMemory {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
    database.exec(tables);
    this.#addColumns();
    database.exec("CREATE INDEX IF NOT EXISTS memory_writers ON memory (agent, instance, bytes)");
  }

  async get(key: string): Promise<MemoryEntry | undefined> {
    const entry = await this.show(key);
    if (entry === undefined) return undefined;
    const { value, version, expiresAtMs } = entry;
    return { value, version, ...(expiresAtMs !== undefined && { expiresAtMs }) };
  }

  async show(key: string): Promise<(MemoryKey & { readonly value: unknown }) | undefined> {
    const found = this.#database
      .prepare(`SELECT ${keyColumns}, value FROM memory WHERE key = ? AND ${isPresent}`)
      .get(key, this.#clock.now());
    if (found === undefined) return undefined;
    const { value, ...rest } = row.parse(found);
    return { ...toKey(rest), value: readStored(value) };
  }

  async list({ prefix, after, limit }: MemoryListRequest): Promise<MemoryPage> {
    const found = this.#database
      .prepare(
        `SELECT ${keyColumns} FROM memory
         WHERE ${isPresent} AND key > ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ?`,
      )
      .all(this.#clock.now(), after ?? "", prefix, prefix, limit + 1)
      .map((entry) => toKey(keyRow.parse(entry)));
    const items = found.slice(0, limit);
    const last = items.at(-1);
    return { items, ...(found.length > limit && last !== undefined && { next: last.key }) };
  }

  async put(key: string, { value, expected, expiresAtMs, writer }: MemoryWrite): Promise<number> {
    const text = JSON.stringify(value);
    refuseLarge(key, text);
    const bytes = sizeOf(key, text);
    return this.#inTransaction(() => {
      this.#refuseChanged(key, expected);
      refuseOverQuota(key, bytes, this.#usageBeside(key, writer), writer);
      const version = this.#nextVersion();
      this.#insert(key, text, { version, expiresAtMs, writer });
      return version;
    });
  }

  async delete(key: string, expected: number | undefined): Promise<number> {
    return this.#inTransaction(() => {
      const present = this.#refuseChanged(key, expected, true);
      this.#database.prepare("DELETE FROM memory WHERE key = ?").run(key);
      return present;
    });
  }

  /** All unexpired entries, for a migration. */
  all(): MemoryContent {
    const rows = this.#database
      .prepare(`SELECT ${keyColumns}, value FROM memory WHERE ${isPresent} ORDER BY key`)
      .all(this.#clock.now());
    const entries = rows.map((found) => {
      const { key, value, version, expires_at, instance, agent } = row.parse(found);
      return {
        ...{ key, value: readStored(value), version },
        ...(expires_at !== null && { expiresAtMs: expires_at }),
        ...(instance !== null && agent !== null && { writer: { instance, agent } }),
      };
    });
    const lastVersion = this.#number("SELECT last AS number FROM counters WHERE name = 'memory'") ?? 0;
    return { entries, lastVersion };
  }

  /** Replaces the content with a migrated one; versions issued at the source are not reused. */
  replaceAll({ entries, lastVersion }: MemoryContent): void {
    this.#inTransaction(() => {
      this.#database.exec("DELETE FROM memory");
      for (const { key, value, ...entry } of entries) this.#insert(key, JSON.stringify(value), entry);
      this.#database
        .prepare(
          `INSERT INTO counters (name, last) VALUES ('memory', ?)
           ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)`,
        )
        .run(lastVersion);
    });
  }

  #insert(key: string, text: string, { version, expiresAtMs, writer }: Written): void {
    this.#database
      .prepare(`INSERT OR REPLACE INTO memory (${keyColumns}, value) VALUES (?, ?, ?, ?, ?, ?, ?)`)
      .run(
        ...[key, version, expiresAtMs ?? null, writer?.instance ?? null, writer?.agent ?? null, sizeOf(key, text)],
        text,
      );
  }

  /**
   * Removes expired entries, then compares the version of a key.
   * @returns the current version, 0 when the key is absent.
   */
  #refuseChanged(key: string, expected: number | undefined, absentIsFine = false): number {
    this.#database.prepare("DELETE FROM memory WHERE expires_at <= ?").run(this.#clock.now());
    const present = this.#number("SELECT version AS number FROM memory WHERE key = ?", key) ?? 0;
    if (expected === undefined || present === expected || (absentIsFine && present === 0)) return present;
    throw changed(key, expected, present);
  }

  #usageBeside(key: string, { instance, agent }: MemoryWriter): UsageBeside {
    const usage = (where: string, ...values: string[]): Usage =>
      usageRow.parse(
        this.#database
          .prepare(`SELECT count(*) AS keys, coalesce(sum(bytes), 0) AS bytes FROM memory WHERE key <> ? ${where}`)
          .get(key, ...values),
      );
    return {
      instance: usage("AND agent = ? AND instance = ?", agent, instance),
      agent: usage("AND agent = ?", agent),
      cluster: usage(""),
    };
  }

  #addColumns(): void {
    const names = this.#database
      .prepare("PRAGMA table_info(memory)")
      .all()
      .map(({ name }) => name);
    if (names.includes("bytes")) return;
    this.#inTransaction(() => {
      this.#database.exec(`
        ALTER TABLE memory ADD COLUMN instance TEXT;
        ALTER TABLE memory ADD COLUMN agent TEXT;
        ALTER TABLE memory ADD COLUMN bytes INTEGER NOT NULL DEFAULT 0;
        UPDATE memory SET bytes = length(CAST(key AS BLOB)) + length(CAST(value AS BLOB));
      `);
    });
  }

  #nextVersion(): number {
    const next = this.#number(
      `INSERT INTO counters (name, last) VALUES ('memory', 1)
       ON CONFLICT (name) DO UPDATE SET last = last + 1 RETURNING last AS number`,
    );
    if (next === undefined) throw new Error("no version");
    return next;
  }

  #number(sql: string, ...values: string[]): number | undefined {
    const row = this.#database.prepare(sql).get(...values);
    return row === undefined ? undefined : numberRow.parse(row).number;
  }

  #inTransaction<T>(work: () => T): T {
    this.#database.exec("BEGIN IMMEDIATE");
    try {
      const result = work();
      this.#database.exec("COMMIT");
      return result;
    } catch (error) {
      this.#database.exec("ROLLBACK");
      throw error;
    }
  }
}

function refuseLarge(key: string, text: string): void {
  const bytes = Buffer.byteLength(text);
  if (bytes <= maxValueBytes) return;
  throw new SwarmError("SW711", `the value of ${key} has ${bytes} bytes as JSON; the limit is ${maxValueBytes}`, {
    values: { key, bytes, maxValueBytes },
  });
}

function changed(key: string, expected: number, present: number): SwarmError {
  return new SwarmError("SW710", `${key} is at version ${present}, not ${expected}`, {
    hints: ["Read the value again and retry"],
    values: { key, expected, present },
  });
}

function sizeOf(key: string, text: string): number {
  return Buffer.byteLength(key) + Buffer.byteLength(text);
}

function toKey({ key, version, expires_at, instance, bytes }: z.infer<typeof keyRow>): MemoryKey {
  return {
    ...{ key, version, bytes },
    ...(expires_at !== null && { expiresAtMs: expires_at }),
    ...(instance !== null && { instance }),
  };
}
