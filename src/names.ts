import { createHash } from "node:crypto";

/** Longest name that every target accepts: a DNS label (RFC 1123). */
export const maxNameLength = 63;

const hashLength = 8;

/** Labels of what we make on Kubernetes and docker. They select pods and containers, so they never change. */
export const labelKeys = {
  cluster: "swarmstack.dev/cluster",
  agent: "swarmstack.dev/agent",
  role: "swarmstack.dev/role",
  /** Id of an instance that is a container. */
  instance: "swarmstack.dev/instance",
  part: "swarmstack.dev/part",
  gpuPool: "swarmstack.dev/gpu-pool",
} as const;

/** What stands for the agent API of a cluster on Kubernetes and docker: its part, its folder, and the audience of its tokens. */
export const agentApi = {
  part: "api",
  port: 7700,
  /** In the network of a docker cluster. */
  alias: "agent-api",
  folder: "/var/lib/swarmstack/api",
  audience: "swarmstack",
} as const;

/** The first hexadecimal digits of the SHA-256 of a text. */
export function shortHash(text: string, length = hashLength): string {
  return createHash("sha256").update(text).digest("hex").slice(0, length);
}

/**
 * Lower-case a-z 0-9 and single dashes; letters with marks lose them. Text without any such character becomes "".
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
 * A deterministic name of at most 63 characters out of parts: readable where it fits, cut and closed by a hash of the
 * whole where it does not, or where a part lost characters. Two lists that begin with the same part (the cluster's name)
 * and differ behind it give two names.
 *
 * After `Names` of cdk8s-core (readable prefix, hash at the end).
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

/** Only characters whose slug is the obvious one: letters, digits, spaces and dashes. */
function isPlain(part: string): boolean {
  return /^[A-Za-z0-9]+(?:[ -][A-Za-z0-9]+)*$/.test(part);
}
