import { join } from "node:path";
import { SwarmError } from "../errors.ts";

/** Location of the records: a local file, or a PostgreSQL server. */
export type StoreLocation =
  | { readonly kind: "sqlite"; readonly path: string }
  | { readonly kind: "postgres"; readonly url: string };

/**
 * The store in DATABASE_URL (`postgres://`, `postgresql://`, or the original's `postgresql+asyncpg://`); without it a
 * SQLite file in the given folder.
 * @throws SW603 for any other scheme; the message omits the URL, which can contain a password.
 */
export function storeLocation(databaseUrl: string | undefined, folder: string): StoreLocation {
  if (databaseUrl === undefined || databaseUrl === "") return { kind: "sqlite", path: join(folder, "store.db") };
  const match = /^(?:postgres|postgresql)(?:\+asyncpg)?:\/\/(.*)$/s.exec(databaseUrl);
  if (match?.[1] !== undefined) return { kind: "postgres", url: `postgresql://${match[1]}` };
  const scheme = /^([a-z0-9+.-]+):/i.exec(databaseUrl)?.[1];
  throw new SwarmError(
    "SW603",
    `DATABASE_URL ${scheme === undefined ? "has no scheme" : `has the scheme "${scheme}"`}`,
    {
      hints: ["Use postgres://user@host/database, or unset DATABASE_URL for the embedded SQLite file"],
    },
  );
}
