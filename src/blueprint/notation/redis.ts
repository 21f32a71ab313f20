import type { Notation } from "./notation.ts";

/** The address of a Redis server, without credentials. */
export interface RedisAddress {
  readonly url: string;
  /** An IPv6 address has no brackets. */
  readonly host: string;
  readonly port: number;
  readonly tls: boolean;
}

const defaultPort = 6379;

/**
 * Parses the address of a Redis: redis://host:port/database, or rediss:// for TLS.
 * @example parseRedis("rediss://10.0.0.9") // { ok: true, value: { host: "10.0.0.9", port: 6379, tls: true, ... } }
 */
export function parseRedis(value: string | number | boolean): Notation<RedisAddress> {
  const url = String(value).trim();
  const parsed = /^rediss?:\/\/\S+$/.test(url) ? URL.parse(url) : null;
  if (parsed === null || parsed.hostname === "") {
    return { ok: false, why: "an address such as redis://host:6379 is expected" };
  }
  if (parsed.password !== "") {
    return { ok: false, why: "it contains a password", fix: "leave redis out, and set REDIS_URL where swarmctl runs" };
  }
  if (!/^\/?\d*$/.test(parsed.pathname)) return { ok: false, why: `the database ${parsed.pathname} is not a number` };
  if (parsed.search !== "" || parsed.hash !== "") return { ok: false, why: "an address has no parameters" };
  const host = parsed.hostname.replace(/^\[(.*)\]$/, "$1");
  const port = parsed.port === "" ? defaultPort : Number(parsed.port);
  return port === 0
    ? { ok: false, why: "port 0 is not from 1 to 65535" }
    : { ok: true, value: { url, host, port, tls: parsed.protocol === "rediss:" } };
}
