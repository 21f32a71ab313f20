import { type ErrorCode, SwarmError } from "../../errors.ts";
import type { Cluster } from "../../store/clusters.ts";

/** What is said before anything is changed: the blueprint, the engine, the wish or the place is not as it has to be. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  ...(["SW500", "SW501", "SW502", "SW503", "SW504", "SW505"] as const),
  ...(["SW601", "SW602", "SW607", "SW608", "SW609", "SW610", "SW611"] as const),
  ...(["SW620", "SW621", "SW624", "SW625", "SW626", "SW627", "SW706", "SW802"] as const),
]);

/** Whether an error says that nothing was changed. */
export function isRefusal({ code }: SwarmError): boolean {
  return refusals.has(code);
}

/** What has an end of its own may be renewed and removed by whoever runs in CI; nothing else may. @throws SwarmError SW627 */
export function refuseOrdinary({ name, status, environmentUntil }: Cluster): void {
  if (environmentUntil !== null) return;
  throw new SwarmError("SW627", `${name} is a cluster (${status}) and no environment: it has no end of its own`, {
    hints: ["choose another name: --name NAME", `to work on the cluster itself: swarmctl up, swarmctl down ${name}`],
    values: { cluster: name, status },
  });
}
