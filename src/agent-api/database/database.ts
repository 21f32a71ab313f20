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
  CREATE TABLE IF NOT EXISTS memory (
    key TEXT PRIMARY KEY, value TEXT NOT NULL, version INTEGER NOT NULL, expires_at INTEGER
  ) STRICT;
  CREATE TABLE IF NOT EXISTS counters (name TEXT PRIMARY KEY, last INTEGER NOT NULL) STRICT;
  CREATE TABLE IF NOT EXISTS gate (operation TEXT PRIMARY KEY, state TEXT NOT NULL) STRICT;
`;

/** What the agent API must not forget, in one SQLite file: each change is on the disk when it is answered. */
export interface AgentDatabase {
  readonly registrations: SqliteRegistrations;
  readonly directives: SqliteDirectives;
  readonly memory: SqliteMemory;
  readonly writeFence: WriteFence;
  close(): void;
}

/** Node's own SQLite: it is there at once, where the store's tables would be loaded first. */
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
