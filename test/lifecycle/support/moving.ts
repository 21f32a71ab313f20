import { readdir } from "node:fs/promises";
import type { Driver } from "../../../src/drivers/driver.ts";
import { openDriver } from "../../../src/drivers/open-driver.ts";
import { resolveCluster } from "../../../src/lifecycle/records/cluster-names.ts";
import { labelKeys, resourceName } from "../../../src/names.ts";
import { findEngine } from "../../../src/stacks/engine/index.ts";
import { readSettings } from "../../../src/stacks/settings.ts";
import { readCluster } from "../../../src/stacks/state.ts";
import type { ControlPlaneClient } from "../../../tools/control-plane/control-plane.ts";
import type { DockerClient } from "../../../tools/docker/docker.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { blueprintOf, type ClusterOptions, swarmctl, type TestCluster } from "../../support/targets/cluster.ts";
import { remainsOf, removeClusters } from "../../support/targets/docker-objects.ts";
import { objectsOf } from "../../support/targets/kubernetes.ts";
import { processesUnder } from "../../support/targets/local.ts";
import { uniqueName } from "../../support/targets/target.ts";

export type Station = "local" | "docker" | "kubernetes";

/** A target of migrations. */
export interface Whereabouts {
  readonly stack: string;
  readonly target: Station;
}

/** A cluster of a boss and workers that migrates between this machine, a dockerd and a control plane. */
export interface MovingCluster extends TestCluster {
  where(): Promise<Whereabouts>;
  /** Lists all objects, running or not, of one or all stacks on a station. */
  remains(at: Pick<Whereabouts, "target"> & Partial<Whereabouts>): Promise<readonly string[]>;
}

export interface Stations {
  readonly docker: () => DockerClient;
  readonly plane?: () => ControlPlaneClient;
}

/** Creates the cluster on this machine. */
export async function movingCluster(
  onFinished: (clean: () => Promise<void>) => void,
  { docker, plane }: Stations,
  { script, ...options }: ClusterOptions,
): Promise<MovingCluster> {
  const { url, client } = docker();
  const kubeconfig = plane?.().kubeconfig;
  if (kubeconfig !== undefined) process.env.KUBECONFIG = kubeconfig;
  const sandbox = new Sandbox({ DOCKER_HOST: url, ...(kubeconfig !== undefined && { KUBECONFIG: kubeconfig }) });
  const settings = readSettings(sandbox.env);
  const engine = await findEngine({ env: sandbox.env });
  const drivers: Driver[] = [];
  const name = uniqueName("team");
  /** Unique: other suites share the servers, and object names start with the cluster's. */
  const isOurs = (object: string) => object.includes(resourceName([name]));
  onFinished(async () => {
    for (const driver of drivers) driver.close();
    await sandbox.dispose();
    await removeClusters(client, resourceName([name]));
    // The control plane removes it at the latest.
    if (plane === undefined) return;
    const namespaces = (await objectsOf(plane(), labelKeys.cluster))
      .filter(isOurs)
      .filter((one) => one.startsWith("namespace/"));
    if (namespaces.length > 0) await plane().runKubectl(["delete", ...namespaces, "--wait=false"]);
  });
  const command = script === undefined ? undefined : ["node", "--input-type=module", "-e", script];
  const blueprint = sandbox.write("team.yaml", blueprintOf(name, options, { command }));

  async function record() {
    const found = await readCluster(settings, engine, (await resolveCluster(settings, name)).stack);
    if (found === undefined) throw new Error(`cluster ${name} is not recorded`);
    return found;
  }

  async function remains({ stack, target }: Parameters<MovingCluster["remains"]>[0]): Promise<readonly string[]> {
    const label = stack === undefined ? labelKeys.cluster : `${labelKeys.cluster}=${resourceName([stack])}`;
    if (target === "local") {
      const sites = `${sandbox.home}/.swarmstack/clusters/`;
      const of = stack === undefined ? "" : `${stack}-`;
      const folders = (await readdir(sites)).filter((site) => site.startsWith(of));
      return [...folders, ...(await processesUnder(`${sites}${of}`))];
    }
    if (target === "docker") return (await remainsOf(client, label)).filter(isOurs);
    return plane === undefined ? [] : (await objectsOf(plane(), label)).filter(isOurs);
  }

  async function where(): Promise<Whereabouts> {
    const { cluster: stack, place } = await record();
    return { stack, target: place?.target as Station };
  }

  const cluster: MovingCluster = {
    ...{ name, blueprint, sandbox, where, remains },
    instance: (agent, ordinal) => `${agent}-${ordinal}`,
    async driver() {
      const driver = await openDriver(await record());
      if (driver === undefined) throw new Error(`cluster ${name} is not reachable`);
      drivers.push(driver);
      return driver;
    },
    running: async () => remains(await where()),
  };
  if (!options.isPlanned) await swarmctl(cluster, "up", blueprint);
  return cluster;
}

/** Number of an instance, the same on every station. */
export function numberOf(instance: string): string {
  const [, agent, ordinal] = /(boss|worker)--?(\d+)/.exec(instance) ?? [];
  return agent === undefined ? instance : `${agent}-${ordinal}`;
}
