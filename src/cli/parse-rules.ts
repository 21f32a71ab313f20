import { parseBlueprint } from "../blueprint/parse.ts";
import { type Lifetime, readLifetime } from "../lifecycle/reconcile/lifetime.ts";
import { scaledByUs } from "../plan/scaled-by-us.ts";
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
  /** Whether an autoscaler of ours may change counts. */
  readonly isScaled: boolean;
}

/** Parses the recorded blueprint of a cluster for `recordedRules`. */
export async function parseRules(row: Cluster, now: number): Promise<RecordedRules> {
  return { lifetime: await readLifetime(row, now).catch(() => undefined), ...scalingOf(row) };
}

function scalingOf({ blueprintText, target }: Cluster): Pick<RecordedRules, "warnings" | "isScaled"> {
  if (blueprintText === null) return { warnings: [], isScaled: false };
  const kind = target !== null && isTargetKind(target) ? target : undefined;
  const { diagnostics, blueprint } = parseBlueprint(blueprintText, { file: "", target: kind, hasRedis: true });
  const found = diagnostics.filter(({ code }) => code === "SW405").map(({ code, message }) => ({ code, message }));
  return { warnings: found.slice(0, 1), isScaled: blueprint !== undefined && scaledByUs(blueprint, kind).length > 0 };
}
