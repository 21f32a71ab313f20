import { SwarmError } from "../../errors.ts";
import { sameHost, thisHost } from "../host.ts";
import type { Driver } from "./driver.ts";
import { processDriver } from "./process-driver.ts";

/** Where the instances of a cluster are, as its stack's Desired says. */
export interface ClusterPlace {
  readonly cluster: string;
  /** Of the local target. */
  readonly site: { readonly host: string; readonly dir: string } | undefined;
}

/**
 * The driver of a cluster's target; undefined where its target has none.
 *
 * @throws SwarmError SW706 when the instances are processes of another machine.
 */
export async function openDriver({ cluster, site }: ClusterPlace): Promise<Driver | undefined> {
  if (site === undefined) return undefined;
  const here = thisHost();
  if (sameHost({ name: site.host, id: "" }, here)) return processDriver(site.dir);
  throw new SwarmError("SW706", `the agents of ${cluster} run on host ${site.host}, this is ${here.name}`);
}
