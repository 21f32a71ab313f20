import { closeSync, openSync } from "node:fs";
import { DatabaseSync } from "node:sqlite";
import type { Clock } from "../../platform/clock.ts";
import { SqliteMemory } from "../memory/sqlite-memory.ts";
import { SqliteDirectives } from "./directives.ts";
import { SqliteRegistrations } from "./registrations.ts";
import { WriteFence } from "./write-fence.ts";

const busyMs = 5_000;

const tables = `
  CREATE TABLE IF NOT EXISTS lives (instance TEXT PRIMARY KEY, epoch INTEGER NOT NULL, registration TEXT) STRICT;
  CREATE TABLE IF NOT EXISTS orders (scope TEXT PRIMARY KEY, kind TEXT NOT NULL, deadline_at INTEGER) STRICT;
  CREATE TABLE IF NOT EXISTS drained (instance TEXT PRIMARY KEY, agent TEXT NOT NULL, back INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS gate (operation TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
`;

/** The durable state of the agent API, in one SQLite file: each change is on the disk before the call is answered. */
export interface AgentDatabase {
  readonly registrations: SqliteRegistrations;
  readonly directives: SqliteDirectives;
  readonly memory: SqliteMemory;
  readonly writeFence: WriteFence;
  close(): void;
}

/** Opens the database. It uses node:sqlite instead of the store's query builder, which takes longer to load. */
export function openAgentDatabase(path: string, clock: Clock): AgentDatabase {
  closeSync(openSync(path, "a", 0o600));
  const database = new DatabaseSync(path, { timeout: busyMs });
  database.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; ${tables}`);
  return {
    registrations: new SqliteRegistrations(database),
    directives: new SqliteDirectives(database),
    memory: new SqliteMemory(database, clock),
    writeFence: new WriteFence(database),
    close: () => database.close(),
  };
}
