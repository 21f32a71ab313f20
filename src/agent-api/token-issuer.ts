import { hkdfSync } from "node:crypto";
import type { Clock } from "../platform/clock.ts";
import { type Authenticator, checkToken, issueToken } from "./tokens.ts";

export const tokenLifetimeMs = 3_600_000;

/** Issues and verifies the tokens of a cluster's instances. */
export interface TokenIssuer {
  readonly issue: (instance: string, agent: string) => { readonly token: string; readonly expiresAtMs: number };
  readonly authenticate: Authenticator;
}

/**
 * A token issuer with a key derived from a secret (HKDF, RFC 5869), so that the secret can have other uses.
 * @param secret at least 32 random bytes.
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
