import { findDocker } from "../docker-host/address.ts";
import { SwarmError } from "../errors.ts";
import { resourceName } from "../names.ts";
import { sameHost, thisHost } from "../platform/host.ts";
import { defaultTarget, isTargetKind, type TargetKind } from "../targets/kinds.ts";
import type { Driver } from "./driver.ts";
import { processDriver } from "./process/process-driver.ts";

/** Location of a cluster's instances, from its stack's Desired resource. */
export interface ClusterLocation {
  readonly cluster: string;
  /** Set for the local target. */
  readonly site: { readonly host: string; readonly dir: string } | undefined;
  /** Undefined in documents of older versions. */
  readonly place:
    | {
        readonly target: string;
        readonly context: string | undefined;
        readonly server: string | undefined;
        readonly namespace: string | undefined;
      }
    | undefined;
}

type OpenDriver = (location: ClusterLocation) => Promise<Driver | undefined>;

/** Driver of each target. */
const openers: Readonly<Record<TargetKind, OpenDriver>> = {
  local: openProcesses,
  docker: openDocker,
  kubernetes: openKubernetes,
  // Its control plane requires credentials of the cloud, which no driver supports.
  aws: async () => undefined,
};

/**
 * Opens the driver of a cluster's target; undefined when the target has none.
 * @throws SwarmError SW611 when the kubeconfig has no such context, SW613 when the docker context does not exist,
 * SW706 when the instances are processes of another machine.
 */
export async function openDriver(location: ClusterLocation): Promise<Driver | undefined> {
  const kind = location.place?.target ?? defaultTarget;
  return isTargetKind(kind) ? openers[kind](location) : undefined;
}

async function openProcesses({ cluster, site }: ClusterLocation): Promise<Driver | undefined> {
  if (site === undefined) return undefined;
  const here = thisHost();
  if (sameHost({ name: site.host, id: "" }, here)) return processDriver(site.dir);
  throw new SwarmError("SW706", `the agents of ${cluster} run on host ${site.host}; this host is ${here.name}`);
}

async function openDocker({ cluster, place: location }: ClusterLocation): Promise<Driver> {
  const { dockerDriver } = await import("./docker/docker-driver.ts");
  const address = findDocker(location?.context ?? location?.server, process.env);
  return dockerDriver({ address, resource: resourceName([cluster]) });
}

async function openKubernetes({ cluster, place: location }: ClusterLocation): Promise<Driver | undefined> {
  if (location?.namespace === undefined) return undefined;
  const { kubernetesDriver } = await import("./kubernetes/kubernetes-driver.ts");
  const { context, namespace } = location;
  return kubernetesDriver({ context, namespace, resource: resourceName([cluster]) });
}
