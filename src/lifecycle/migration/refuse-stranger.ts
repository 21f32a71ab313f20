import { SwarmError } from "../../errors.ts";
import { type Movable, moveFormat } from "../../runtime/control/move-wire.ts";

/**
 * Only a server that speaks of states as we do, and lets nobody in before this operation says so, can be given a cluster.
 *
 * @throws SwarmError SW625 with what it says of itself
 */
export function refuseStranger(
  stack: string,
  found: Pick<Movable, "version" | "format" | "shutFor">,
  operation: string,
): void {
  const { version, format, shutFor } = found;
  if (shutFor === operation && format === moveFormat) return;
  const what = format === moveFormat ? "does not wait for this operation" : `carries states in format ${format}`;
  throw new SwarmError("SW625", `the agent server of ${stack}, of version ${version}, ${what}`, {
    hints: ["bring its images to this version first: swarmctl images build"],
    values: { stack, version, format, shutFor, expected: { format: moveFormat, shutFor: operation } },
  });
}
