import { CoreV1Api } from "@kubernetes/client-node";
import type { Driver } from "../../../src/drivers/driver.ts";
import { kubernetesDriver } from "../../../src/drivers/kubernetes/kubernetes-driver.ts";
import { labelKeys, resourceName } from "../../../src/names.ts";
import { partName } from "../../../src/part-name.ts";
import type { ControlPlaneClient } from "../../../tools/control-plane/control-plane.ts";
import { Sandbox } from "../sandbox.ts";
import { killPod, kubernetesTeam } from "./kubernetes-team.ts";
import type { Target } from "./target.ts";

/** Pods on a process node; each cluster has a separate namespace. */
export function kubernetesTarget(plane: () => ControlPlaneClient): Target {
  return {
    name: "kubernetes",
    node: "node",
    instance: (cluster, agent, ordinal) => `${partName(resourceName([cluster, agent]), `${ordinal}`)}-0`,
    planLines: (cluster) => ({
      grows: new RegExp(`${cluster}-worker`),
      repairs: /not as recorded: /,
      knows: new RegExp(`${cluster}.*ConfigMap`),
    }),
    home(onFinished, variables) {
      process.env.KUBECONFIG = plane().kubeconfig;
      const sandbox = new Sandbox({ ...variables, KUBECONFIG: plane().kubeconfig });
      const drivers = new Map<string, Promise<Driver>>();
      const asked = new Set<string>();
      const core = () => plane().client().makeApiClient(CoreV1Api);
      const namespaceOf = (cluster: string) => {
        asked.add(cluster);
        return resourceName([cluster]);
      };
      onFinished(async () => {
        for (const driver of drivers.values()) await driver.then((open) => open.close()).catch(() => {});
        // The control plane removes them at the latest, and their names are unique.
        for (const cluster of asked) await plane().runKubectl(deleteNamespace(resourceName([cluster])));
        await sandbox.dispose();
      });
      return {
        sandbox,
        driver(cluster) {
          const known = drivers.get(cluster);
          if (known !== undefined) return known;
          const namespace = namespaceOf(cluster);
          const driver = kubernetesDriver({ context: undefined, namespace, resource: namespace });
          drivers.set(cluster, driver);
          return driver;
        },
        async running(cluster) {
          const { items } = await core().listNamespacedPod({ namespace: namespaceOf(cluster) });
          return items.map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`);
        },
        remains: (cluster) => objectsOf(plane(), `${labelKeys.cluster}=${namespaceOf(cluster)}`),
        kill: (cluster, instance) => killPod(core(), namespaceOf(cluster), instance),
        async wipe(cluster) {
          const namespace = namespaceOf(cluster);
          await plane().runKubectl(["delete", "deployments,statefulsets", "--all", "-n", namespace]);
        },
        async reachable(server) {
          throw new Error(`pods on a process node have separate networks and cannot reach ${server}`);
        },
      };
    },
    team: kubernetesTeam(plane),
  };
}

const deleteNamespace = (name: string) => ["delete", "namespace", name, "--ignore-not-found", "--wait=false"];

/** Objects of the clusters that a label selects, as `kind/name`. */
export async function objectsOf(plane: ControlPlaneClient, label: string): Promise<readonly string[]> {
  const kinds = "namespaces,pods,statefulsets,deployments,services,configmaps,secrets,persistentvolumeclaims";
  const found = await plane.runKubectl(["get", kinds, "-A", "-l", label, "-o", "name"]);
  return found.split("\n").filter((line) => line !== "");
}
