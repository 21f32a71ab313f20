import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import pg from "pg";
import type { StoreLocation } from "../../../src/store/location.ts";
import { startPostgres } from "../../../tools/services/postgres.ts";
import { isAvailable } from "../../../tools/services/service.ts";

/** A kind of database, of which each test can have an empty one of its own. */
export interface Places {
  readonly kind: StoreLocation["kind"];
  empty(): Promise<StoreLocation>;
  stop(): Promise<void>;
}

export interface NoPlaces {
  readonly kind: StoreLocation["kind"];
  readonly unavailable: string;
}

export async function startPlaces(): Promise<readonly (Places | NoPlaces)[]> {
  return [files(), await servers()];
}

function files(): Places {
  const folder = mkdtempSync(join(tmpdir(), "swarm-store-"));
  let made = 0;
  return {
    kind: "sqlite",
    empty: async () => ({ kind: "sqlite", path: join(folder, String(made++), "store.db") }),
    stop: async () => rmSync(folder, { recursive: true, force: true }),
  };
}

async function servers(): Promise<Places | NoPlaces> {
  const service = await startPostgres();
  if (!isAvailable(service)) return { kind: "postgres", ...service };
  let made = 0;
  return {
    kind: "postgres",
    empty: async () => {
      const name = `store${made++}`;
      const client = new pg.Client({ connectionString: service.url });
      await client.connect();
      await client.query(`create database ${name}`);
      await client.end();
      return { kind: "postgres", url: service.url.replace("/postgres?", `/${name}?`) };
    },
    stop: () => service.stop(),
  };
}
