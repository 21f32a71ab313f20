import { createHash } from "node:crypto";

/** How much later than its schedule a cluster is, from 0 to `spreadMs`: always the same for one cluster. */
export function jitterOf(clusterId: string, spreadMs: number): number {
  const share = createHash("sha256").update(clusterId).digest().readUInt32BE() / 2 ** 32;
  return Math.floor(share * spreadMs);
}
