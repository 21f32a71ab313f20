import { hostname } from "node:os";
import { z } from "zod";
import { SwarmError } from "../../errors.ts";

export const siteSchema = z.object({ host: z.string(), dir: z.string() });

/**
 * The folder of a local cluster, if it is on this machine.
 *
 * @throws SwarmError SW706 when the cluster runs on another host, whose processes are not reachable
 */
export function siteHere(site: z.infer<typeof siteSchema>, host = hostname()): string {
  if (site.host === host) return site.dir;
  throw new SwarmError("SW706", `this cluster's processes run on host ${site.host}, this is ${host}`, {
    hints: [`run the command on ${site.host}`],
    values: { site, host },
  });
}
