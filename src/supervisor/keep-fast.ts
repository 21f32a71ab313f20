import type { FastCount } from "../agent-api/status.ts";
import type { PoolSpec } from "./pool-spec.ts";

/**
 * The count of an autoscaler after a declaration. It stays where the same count is declared as before, with no new pin, and the
 * declared range includes it.
 */
export function keepFast(
  before: { readonly spec: PoolSpec; readonly fast?: FastCount | undefined } | undefined,
  { count, pin, range }: PoolSpec,
): FastCount | undefined {
  const fast = before?.fast;
  if (before === undefined || fast === undefined || before.spec.count !== count) return undefined;
  if (range !== undefined && (fast.count < range.min || fast.count > range.max)) return undefined;
  const isNewPin = pin !== undefined && (before.spec.pin === undefined || before.spec.pin.untilMs !== pin.untilMs);
  return isNewPin ? undefined : fast;
}
