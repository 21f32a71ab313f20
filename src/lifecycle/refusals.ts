import type { ErrorCode, SwarmError } from "../errors.ts";

/** What is said before anything is changed: the blueprint, the engine, the wish or the place is not as it has to be. */
const refusals: ReadonlySet<ErrorCode> = new Set([
  ...(["SW500", "SW501", "SW502", "SW503", "SW504", "SW505"] as const),
  ...(["SW601", "SW602", "SW607", "SW608", "SW609", "SW610", "SW611"] as const),
  ...(["SW620", "SW621", "SW624", "SW625", "SW626", "SW706", "SW802"] as const),
]);

/** Whether an error says that nothing was changed. */
export function isRefusal({ code }: SwarmError): boolean {
  return refusals.has(code);
}
