import { createHmac, timingSafeEqual } from "node:crypto";
import { z } from "zod";

/** The instance that a token identifies, and its expiry. */
export interface TokenClaims {
  /** Unique id of the cluster. */
  readonly cluster: string;
  readonly instance: string;
  /** Key of the agent that it is an instance of. */
  readonly agent: string;
  /** Milliseconds since the epoch. */
  readonly expiresAtMs: number;
}

/** Why a token is refused. */
export type TokenProblem =
  | "missing"
  | "not a token"
  | "not signed here"
  | "expired"
  | "not accepted by the control plane"
  | "of no pod"
  | "of a deleted pod";

export type TokenCheck =
  | { readonly ok: true; readonly claims: TokenClaims }
  | { readonly ok: false; readonly problem: TokenProblem };

/**
 * Identifies the caller.
 * @throws SwarmError SW704 when the caller cannot be identified now.
 */
export type Authenticator = (authorization: string | undefined) => Promise<TokenCheck>;

const claimsSchema = z.object({
  cluster: z.string(),
  instance: z.string(),
  agent: z.string(),
  expiresAtMs: z.number(),
});

const prefix = "swa1";
const maxTokenLength = 2_048;

/** A token: `swa1.<claims>.<signature>`, claims as JSON in base64url, signed by HMAC-SHA-256. */
export function issueToken(key: Uint8Array, claims: TokenClaims): string {
  const body = `${prefix}.${Buffer.from(JSON.stringify(claims)).toString("base64url")}`;
  return `${body}.${sign(key, body)}`;
}

/** Checks the value of an Authorization header. The signature is verified first: unsigned claims are never parsed. */
export function checkToken(key: Uint8Array, header: string | undefined, nowMs: number): TokenCheck {
  if (header === undefined || header === "") return { ok: false, problem: "missing" };
  const token = /^Bearer (\S+)$/i.exec(header)?.[1];
  const cut = token?.lastIndexOf(".") ?? -1;
  if (token === undefined || token.length > maxTokenLength || cut < 0) return { ok: false, problem: "not a token" };
  const body = token.slice(0, cut);
  if (!same(token.slice(cut + 1), sign(key, body))) return { ok: false, problem: "not signed here" };
  const claims = claimsSchema.parse(
    JSON.parse(Buffer.from(body.slice(prefix.length + 1), "base64url").toString("utf8")),
  );
  if (claims.expiresAtMs <= nowMs) return { ok: false, problem: "expired" };
  return { ok: true, claims };
}

function sign(key: Uint8Array, body: string): string {
  return createHmac("sha256", key).update(body).digest("base64url");
}

function same(a: string, b: string): boolean {
  const [left, right] = [Buffer.from(a), Buffer.from(b)];
  return left.length === right.length && timingSafeEqual(left, right);
}
