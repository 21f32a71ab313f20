import { createHash } from "node:crypto";

/** Longest name that every target accepts: a DNS label (RFC 1123). */
export const maxNameLength = 63;

const hashLength = 8;

/** Labels of Kubernetes objects and Docker containers; selectors use them, so they never change. */
export const labelKeys = {
  cluster: "swarmstack.dev/cluster",
  agent: "swarmstack.dev/agent",
  role: "swarmstack.dev/role",
  /** Instance id of a container. */
  instance: "swarmstack.dev/instance",
  part: "swarmstack.dev/part",
  gpuPool: "swarmstack.dev/gpu-pool",
} as const;

/**
 * What agents can do, as blueprints, registrations and tasks name it: any text in one line without a space at its ends. It is
 * compared in Unicode's composed form (NFC), so that "Größe" is one capability whatever wrote it.
 */
export const capabilities = {
  pattern: /^[^\p{Cc}\p{Cs}\p{Z}](?:[^\p{Cc}\p{Cs}\p{Zl}\p{Zp}]*[^\p{Cc}\p{Cs}\p{Z}])?$/u,
  maxLength: 128,
  /** Of one agent. */
  maxCount: 64,
} as const;

/** Names of a cluster's agent server on Kubernetes and Docker. */
export const agentApi = {
  part: "api",
  port: 7700,
  /** DNS name in the network of a Docker cluster. */
  alias: "agent-api",
  folder: "/var/lib/swarmstack/api",
  audience: "swarmstack",
} as const;

/** Returns the first hexadecimal digits of the SHA-256 of a text. */
export function shortHash(text: string, length = hashLength): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/**
 * Reduces a text to lower-case a-z, 0-9 and single dashes, without diacritics; a text without such characters becomes "".
 *
 * @example slug("Content Creator") // "content-creator"
 */
export function slug(text: string): string {
  return text
    .normalize("NFKD")
    .replace(/\p{M}/gu, "")
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, "-")
    .replace(/^-+|-+$/g, "");
}

/**
 * Joins parts into a deterministic name of at most 63 characters, with a hash of all parts where the name is truncated or a
 * part lost characters. Two lists with the same first part (the cluster's name) that differ later yield different names.
 *
 * @see `Names` of cdk8s-core (readable prefix, hash at the end)
 *
 * @example resourceName(["marketing", "Content Creator"]) // "marketing-content-creator"
 */
export function resourceName(parts: readonly string[]): string {
  const readable = parts.map(slug).filter((part) => part !== "");
  const whole = readable.join("-");
  const lossless = parts.every((part, index) => isPlain(part) && readable[index] !== undefined);
  if (lossless && whole.length <= maxNameLength) return whole;
  const hash = shortHash(JSON.stringify(parts));
  const head = whole.slice(0, maxNameLength - hashLength - 1).replace(/-+$/, "");
  return head === "" ? `x-${hash}` : `${head}-${hash}`;
}

/** Whether the slug of a part loses nothing but case: letters, digits, single spaces and dashes. */
function isPlain(part: string): boolean {
  return /^[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*$/.test(part);
}
