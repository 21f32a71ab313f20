import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../clock.ts";
import { SqliteMemory } from "../memory/sqlite-memory.ts";
import { Gate } from "./gate.ts";
import { SqliteLives } from "./lives.ts";
import { SqliteOrders } from "./orders.ts";

const busyMs = 5_000;

const tables = `
  CREATE TABLE IF NOT EXISTS lives (instance TEXT PRIMARY KEY, epoch INTEGER NOT NULL, registration TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS orders (scope TEXT PRIMARY KEY, kind TEXT NOT NULL, deadline_at INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS memory (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS gate (operation TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
`;

/** What the agent API must not forget, in one SQLite file: each change is on the disk when it is answered. */
export interface Ledger {
  readonly lives: SqliteLives;
  readonly orders: SqliteOrders;
  readonly memory: SqliteMemory;
  readonly gate: Gate;
  close(): void;
}

/** Node's own SQLite: it is there at once, where the store's tables would be loaded first. */
export function openLedger(path: string, clock: Clock): Ledger {
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: busyMs });
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${tables}`);
  return {
    lives: new SqliteLives(database),
    orders: new SqliteOrders(database),
    memory: new SqliteMemory(database, clock),
    gate: new Gate(database),
    close: () => database.close(),
  };
}
