import { CoreV1Api } from "@kubernetes/client-node";
import { resourceName } from "../../../src/names.ts";
import { partName } from "../../../src/part-name.ts";
import type { Driver } from "../../../src/runtime/drivers/driver.ts";
import { kubernetesDriver } from "../../../src/runtime/drivers/kubernetes/kubernetes-driver.ts";
import type { ControlPlane } from "../../../tools/control-plane/control-plane.ts";
import { Sandbox } from "../../support/sandbox.ts";
import { blueprintOf, type LifecycleTarget, swarmctl } from "./cluster.ts";

let clusters = 0;

/** Pods on a process node; each cluster has a namespace of its own. */
export function kubernetesTarget(plane: () => ControlPlane): LifecycleTarget {
  return {
    name: "kubernetes",
    async cluster(onFinished, options) {
      clusters++;
      const name = `team-${clusters}`;
      const namespace = resourceName([name]);
      process.env.KUBECONFIG = plane().kubeconfig;
      const sandbox = new Sandbox({ KUBECONFIG: plane().kubeconfig });
      let driver: Driver | undefined;
      onFinished(async () => {
        driver?.close();
        // It ends with its control plane at the latest, and nobody else has its name.
        await plane().runKubectl(["delete", "namespace", namespace, "--ignore-not-found", "--wait=false"]);
        await sandbox.dispose();
      });
      const { script } = options;
      const command = script === undefined ? undefined : ["node", "--input-type=module", "-e", script];
      const blueprint = sandbox.write("team.yaml", blueprintOf(name, options, { command }));
      const cluster = {
        ...{ name, blueprint, sandbox },
        instance: (agent: string, ordinal: number) => `${partName(resourceName([name, agent]), `${ordinal}`)}-0`,
        async driver() {
          driver ??= await kubernetesDriver({ context: undefined, namespace, resource: namespace });
          return driver;
        },
        running: () => podsIn(plane(), namespace),
      };
      if (!options.isPlanned) await swarmctl(cluster, "up", blueprint, "--target", "kubernetes");
      return cluster;
    },
  };
}

async function podsIn(plane: ControlPlane, namespace: string): Promise<readonly string[]> {
  const { items } = await plane.client().makeApiClient(CoreV1Api).listNamespacedPod({ namespace });
  return items.map(({ metadata, status }) => `${metadata?.name} ${status?.phase}`);
}
