import { parseBlueprint } from "../blueprint/parse.ts";
import { type Lifetime, readLifetime } from "../lifecycle/reconcile/lifetime.ts";
import type { Cluster } from "../store/clusters.ts";
import { isTargetKind } from "../targets/kinds.ts";

export interface Warning {
  readonly code: string;
  readonly message: string;
}

/** What `status` shows of a recorded blueprint. */
export interface RecordedRules {
  /** Rules of automatic hibernation, reactivation and expiry. */
  readonly lifetime: Lifetime | undefined;
  /** Rules that nothing executes yet. */
  readonly warnings: readonly Warning[];
}

/** Parses the recorded blueprint of a cluster for `recordedRules`. */
export async function parseRules(row: Cluster, now: number): Promise<RecordedRules> {
  return { lifetime: await readLifetime(row, now).catch(() => undefined), warnings: warningsOf(row) };
}

/** What the blueprint asks for and nothing executes yet, once for each code. */
function warningsOf({ blueprintText, target }: Cluster): readonly Warning[] {
  if (blueprintText === null) return [];
  const kind = target !== null && isTargetKind(target) ? target : undefined;
  const { diagnostics } = parseBlueprint(blueprintText, { file: "", target: kind, hasRedis: true });
  const found = diagnostics.filter(({ code }) => code === "SW405").map(({ code, message }) => ({ code, message }));
  return found.slice(0, 1);
}
