import type { DatabaseSync } from "node:sqlite";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";
import type { Clock } from "../../platform/clock.ts";
import type { Json } from "../../store/json.ts";
import {
  type MemoryContent,
  type MemoryEntry,
  type MemoryWrite,
  maxKeys,
  maxValueBytes,
  type SharedMemory,
} from "./memory.ts";

const entryRow = z.object({ value: z.string(), version: z.number(), expires_at: z.number().nullable() });
const keyedRow = entryRow.extend({ key: z.string() });
const numberRow = z.object({ number: z.number() });

/** The shared memory in a table: a counter of its own gives the versions, so an expired key never returns with an old one. */
export class SqliteMemory implements SharedMemory {
  readonly #database: DatabaseSync;
  readonly #clock: Clock;

  constructor(database: DatabaseSync, clock: Clock) {
    this.#database = database;
    this.#clock = clock;
  }

  async get(key: string): Promise<MemoryEntry | undefined> {
    const row = this.#database
      .prepare("SELECT value, version, expires_at FROM memory WHERE key = ? AND (expires_at IS NULL OR expires_at > ?)")
      .get(key, this.#clock.now());
    if (row === undefined) return undefined;
    const { value, version, expires_at } = entryRow.parse(row);
    return { value: JSON.parse(value), version, ...(expires_at !== null && { expiresAtMs: expires_at }) };
  }

  async put(key: string, { value, expected, expiresAtMs }: MemoryWrite): Promise<number> {
    const text = JSON.stringify(value);
    refuseLarge(key, text);
    return this.#inTransaction(() => {
      this.#database.prepare("DELETE FROM memory WHERE expires_at <= ?").run(this.#clock.now());
      const present = this.#number("SELECT version AS number FROM memory WHERE key = ?", key) ?? 0;
      if (present !== expected) throw changed(key, expected, present);
      if (present === 0 && (this.#number("SELECT count(*) AS number FROM memory") ?? 0) >= maxKeys) throw full();
      const version = this.#nextVersion();
      this.#database
        .prepare("INSERT OR REPLACE INTO memory (key, value, version, expires_at) VALUES (?, ?, ?, ?)")
        .run(key, text, version, expiresAtMs ?? null);
      return version;
    });
  }

  /** All that has not expired, to be carried elsewhere. */
  all(): MemoryContent {
    const rows = this.#database
      .prepare(
        "SELECT key, value, version, expires_at FROM memory WHERE expires_at IS NULL OR expires_at > ? ORDER BY key",
      )
      .all(this.#clock.now());
    const entries = rows.map((row) => {
      const { key, value, version, expires_at } = keyedRow.parse(row);
      return {
        key,
        value: JSON.parse(value) as Json,
        version,
        ...(expires_at !== null && { expiresAtMs: expires_at }),
      };
    });
    const lastVersion = this.#number("SELECT last AS number FROM counters WHERE name = 'memory'") ?? 0;
    return { entries, lastVersion };
  }

  /** Puts what was carried here in the place of what is here; no version that was given elsewhere is given again. */
  replaceAll({ entries, lastVersion }: MemoryContent): void {
    this.#inTransaction(() => {
      this.#database.exec("DELETE FROM memory");
      const insert = this.#database.prepare("INSERT INTO memory (key, value, version, expires_at) VALUES (?, ?, ?, ?)");
      for (const { key, value, version, expiresAtMs } of entries) {
        insert.run(key, JSON.stringify(value), version, expiresAtMs ?? null);
      }
      this.#database
        .prepare(
          `INSERT INTO counters (name, last) VALUES ('memory', ?)
           ON CONFLICT (name) DO UPDATE SET last = max(last, excluded.last)`,
        )
        .run(lastVersion);
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
  throw new SwarmError("SW711", `The value of ${key} has ${bytes} bytes as JSON; ${maxValueBytes} is the most.`, {
    values: { key, bytes, maxValueBytes },
  });
}

function changed(key: string, expected: number, present: number): SwarmError {
  return new SwarmError("SW710", `${key} is at version ${present}, not ${expected}.`, {
    hints: ["Read it again, and decide again."],
    values: { key, expected, present },
  });
}

function full(): SwarmError {
  return new SwarmError("SW711", `The shared memory has ${maxKeys} keys, and takes no more.`, { values: { maxKeys } });
}
