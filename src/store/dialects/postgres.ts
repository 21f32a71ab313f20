import { PostgresDialect } from "kysely";
import pg from "pg";

const int8 = 20;
const connections = 10;

/** PostgreSQL through a pool; 64-bit integers are returned as numbers (all are times and counts below 2^53). */
export function postgresDialect(url: string): PostgresDialect {
  return new PostgresDialect({
    pool: async () => {
      const pool = new pg.Pool({
        connectionString: url,
        max: connections,
        application_name: "swarmstack",
        types: {
          getTypeParser: (oid, format) => (oid === int8 ? Number : pg.types.getTypeParser(oid, format)),
        },
      });
      // The pool replaces an idle connection that the server closes; without a listener it would end the process.
      pool.on("error", () => {});
      return pool;
    },
  });
}
