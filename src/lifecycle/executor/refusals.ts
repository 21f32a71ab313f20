import { type ErrorCode, SwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";

/** Codes of errors that are thrown before anything is changed: checks of the blueprint, engine, desired state or location. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  ...(["SW500", "SW501", "SW502", "SW503", "SW504", "SW505", "SW509", "SW511", "SW513"] as const),
  ...(["SW601", "SW602", "SW607", "SW608", "SW609", "SW610", "SW611"] as const),
  ...(["SW620", "SW621", "SW624", "SW625", "SW626", "SW627", "SW630", "SW706", "SW802"] as const),
]);

/** Returns whether an error means that nothing was changed. */
export function isRefusal({ code, values }: SwarmError): boolean {
  return refusals.has(code) || values.untouched === true;
}

/** Rejects a cluster without an expiry: CI may only renew and remove environments. @throws SwarmError SW627 */
export function refuseOrdinary({ name, status, environmentUntil }: Cluster): void {
  if (environmentUntil !== null) return;
  throw new SwarmError("SW627", `cluster ${name} (${status}) is not an environment: it has no expiry`, {
    hints: ["use another name: --cluster NAME", `manage the cluster itself: swarmctl up, swarmctl down ${name}`],
    values: { cluster: name, status },
  });
}
