import { hkdfSync } from "node:crypto";
import type { Clock } from "../platform/clock.ts";
import { type Authenticator, checkToken, issueToken } from "./tokens.ts";

export const tokenLifetimeMs = 3_600_000;

/** Issues the tokens of a cluster's instances, and knows them again. */
export interface TokenIssuer {
  readonly issue: (instance: string, agent: string) => { readonly token: string; readonly expiresAtMs: number };
  readonly authenticate: Authenticator;
}

/**
 * @param secret at least 32 random bytes; the key that signs is derived from it (HKDF, RFC 5869), so it can have another use as well.
 * @param cluster unique id of the cluster.
 */
export function tokenIssuer(secret: string, cluster: string, clock: Clock, lifetimeMs = tokenLifetimeMs): TokenIssuer {
  const key = new Uint8Array(hkdfSync("sha256", secret, "", "swarmstack agent tokens", 32));
  return {
    issue(instance, agent) {
      const expiresAtMs = clock.now() + lifetimeMs;
      return { token: issueToken(key, { cluster, instance, agent, expiresAtMs }), expiresAtMs };
    },
    authenticate: async (authorization) => checkToken(key, authorization, clock.now()),
  };
}
