import { PostgresDialect } from "kysely";
import pg from "pg";

const int8 = 20;
const connections = 10;

/** PostgreSQL through a pool; 64-bit integers come back as numbers (all of ours are times and counts below 2^53). */
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
      // An idle connection that the server closes is replaced by the pool; without a listener it would end the process.
      pool.on("error", () => {});
      return pool;
    },
  });
}
