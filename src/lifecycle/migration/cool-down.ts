import { SwarmError } from "../../errors.ts";

/** How long a cluster stays where it has come to, unless somebody says otherwise. */
export const defaultCoolDownMs = 600_000;

/**
 * A cluster does not go to and fro: who has moved lately stays.
 *
 * @param movedAt when the last migration ended, in milliseconds since the epoch; undefined: there was none
 * @throws SwarmError SW626 with what is left of the time
 */
export function refuseHot(
  cluster: string,
  {
    movedAt,
    coolDownMs,
    now,
  }: { readonly movedAt: number | undefined; readonly coolDownMs: number; readonly now: number },
): void {
  const leftMs = movedAt === undefined ? 0 : movedAt + coolDownMs - now;
  if (leftMs <= 0) return;
  const seconds = Math.ceil(leftMs / 1000);
  throw new SwarmError("SW626", `cluster ${cluster} has moved only just now, and stays for ${seconds} s more`, {
    hints: ["wait, or move it all the same: --cool-down 0s"],
    values: { cluster, movedAt, coolDownMs, leftMs },
  });
}
