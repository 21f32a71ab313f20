import { findDocker } from "../docker-host/address.ts";
import { SwarmError } from "../errors.ts";
import { resourceName } from "../names.ts";
import { sameHost, thisHost } from "../platform/host.ts";
import type { Driver } from "./driver.ts";
import { processDriver } from "./process/process-driver.ts";

/** Where the instances of a cluster are, as its stack's Desired says. */
export interface ClusterLocation {
  readonly cluster: string;
  /** Of the local target. */
  readonly site: { readonly host: string; readonly dir: string } | undefined;
  /** Undefined in documents from before it was recorded. */
  readonly place:
    | {
        readonly target: string;
        readonly context: string | undefined;
        readonly server: string | undefined;
        readonly namespace: string | undefined;
      }
    | undefined;
}

/**
 * The driver of a cluster's target; undefined where its target has none.
 *
 * @throws SwarmError SW611 when the kubeconfig has no such context, SW613 when there is no such docker context, SW706 when the instances are processes of another machine.
 */
export async function openDriver({ cluster, site, place: location }: ClusterLocation): Promise<Driver | undefined> {
  if (location?.target === "kubernetes" && location.namespace !== undefined) {
    const { kubernetesDriver } = await import("./kubernetes/kubernetes-driver.ts");
    const { context, namespace } = location;
    return kubernetesDriver({ context, namespace, resource: resourceName([cluster]) });
  }
  if (location?.target === "docker") {
    const { dockerDriver } = await import("./docker/docker-driver.ts");
    const address = findDocker(location.context ?? location.server, process.env);
    return dockerDriver({ address, resource: resourceName([cluster]) });
  }
  if (site === undefined) return undefined;
  const here = thisHost();
  if (sameHost({ name: site.host, id: "" }, here)) return processDriver(site.dir);
  throw new SwarmError("SW706", `the agents of ${cluster} run on host ${site.host}, this is ${here.name}`);
}
