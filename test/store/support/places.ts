import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { StoreLocation } from "../../../src/store/location.ts";
import { isAvailable, type Service } from "../../../tools/services/service.ts";
import { postgresDatabase } from "../../support/servers/databases.ts";

/** A kind of database that provides an empty one for each test. */
export interface Places {
  readonly kind: StoreLocation["kind"];
  empty(): Promise<StoreLocation>;
  stop(): Promise<void>;
}

export interface NoPlaces {
  readonly kind: StoreLocation["kind"];
  readonly unavailable: string;
}

export function files(): Places {
  const folder = mkdtempSync(join(tmpdir(), "swarm-store-"));
  let made = 0;
  return {
    kind: "sqlite",
    empty: async () => ({ kind: "sqlite", path: join(folder, String(made++), "store.db") }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Databases of the run's PostgreSQL. */
export async function servers(): Promise<Places | NoPlaces> {
  const made: Service[] = [];
  const database = await postgresDatabase();
  if (!isAvailable(database)) return { kind: "postgres", ...database };
  await database.stop();
  return {
    kind: "postgres",
    empty: async () => {
      const one = await postgresDatabase();
      if (!isAvailable(one)) throw new Error(one.unavailable);
      made.push(one);
      return { kind: "postgres", url: one.url };
    },
    stop: async () => {
      for (const one of made) await one.stop();
    },
  };
}
