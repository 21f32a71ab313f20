import { existsSync } from "node:fs";
import { pause } from "../../platform/wait.ts";
import type { Settings } from "../../stacks/settings.ts";
import type { Store } from "../../store/store.ts";

const lookMs = 1_000;

/** Resolves when a cluster is destroyed, or its records are gone; never rejects. */
export async function untilDestroyed(
  store: Store,
  { backend }: Pick<Settings, "backend">,
  clusterId: string,
  signal: AbortSignal,
): Promise<void> {
  while (!signal.aborted) {
    // An open file of a deleted folder stays readable.
    if (backend.kind === "folder" && !existsSync(backend.dir)) return;
    const row = await store.clusters.show(clusterId).catch(() => "unknown" as const);
    if (row === undefined || (row !== "unknown" && row.destroyedAt !== null)) return;
    await pause(lookMs, signal);
  }
}
