import { SwarmError } from "../../errors.ts";
import type { MemoryWriter } from "./memory.ts";

const MiB = 1024 * 1024;

export interface Usage {
  readonly keys: number;
  /** Keys and values as JSON, in UTF-8. */
  readonly bytes: number;
}

/** Quotas of the shared memory. A value counts for the instance that wrote it last, and for its agent. */
export const quotas = {
  instance: { keys: 1_000, bytes: 4 * MiB },
  agent: { keys: 4_000, bytes: 16 * MiB },
  cluster: { keys: 10_000, bytes: 64 * MiB },
} as const satisfies Record<string, Usage>;

/** What each instance may use even while its agent or the cluster has used up its quota. */
export const guaranteed: Usage = { keys: 16, bytes: 256 * 1024 };

/** Usage without the key that is written, by whom it counts for. */
export type UsageBeside = Readonly<Record<keyof typeof quotas, Usage>>;

/**
 * Refuses a write that exceeds a quota.
 * @param added bytes of the key and the new value.
 * @throws SwarmError SW711 with the quota and the usage.
 */
export function refuseOverQuota(key: string, added: number, beside: UsageBeside, writer: MemoryWriter): void {
  const own = beside.instance;
  const isGuaranteed = own.keys < guaranteed.keys && own.bytes + added <= guaranteed.bytes;
  const names = { instance: writer.instance, agent: `agent ${writer.agent}`, cluster: "the cluster" };
  for (const scope of ["instance", "agent", "cluster"] as const) {
    const [used, quota] = [beside[scope], quotas[scope]];
    const fits = used.keys < quota.keys && used.bytes + added <= quota.bytes;
    if (fits || isGuaranteed) continue;
    const usage = `${used.keys} keys and ${used.bytes} bytes of the shared memory`;
    throw new SwarmError(
      "SW711",
      `${key} with ${added} bytes is over the quota of ${names[scope]}, which uses ${usage}; the quota is ${quota.keys} keys and ${quota.bytes} bytes`,
      {
        hints: ["Delete keys that are not needed, or write them with expiresInMs"],
        values: { key, bytes: added, scope, used, quota },
      },
    );
  }
}
