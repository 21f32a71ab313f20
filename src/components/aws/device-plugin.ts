import { DaemonSet } from "@pulumi/kubernetes/apps/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { images } from "../../plan/images.ts";
import type { Plan } from "../../plan/plan.ts";
import { gpuTaint } from "../kubernetes/gpu-placement.ts";
import { clusterLabels, partSelector } from "../kubernetes/labels.ts";
import type { KubernetesScope } from "../kubernetes/scope.ts";
import { managedGpuLabel } from "./node-groups.ts";

const sockets = "/var/lib/kubelet/device-plugins";

/** Reports GPUs to the kubelets of managed nodes; Auto Mode's own nodes have the plugin built in. */
export function createDevicePlugin(
  plan: Plan,
  options: KubernetesScope["options"],
  dependsOn: pulumi.Resource[],
): void {
  const name = partName(plan.resource, "device-plugin");
  const selector = partSelector(plan, "device-plugin");
  const mixed = plan.gpuPools.some(({ migProfile }) => migProfile !== undefined);
  new DaemonSet(
    name,
    {
      metadata: { name, namespace: "kube-system", labels: { ...clusterLabels(plan), ...selector } },
      spec: {
        selector: { matchLabels: selector },
        template: {
          metadata: { labels: selector },
          spec: {
            nodeSelector: { ...managedGpuLabel },
            priorityClassName: "system-node-critical",
            tolerations: [{ key: gpuTaint.key, operator: "Exists", effect: gpuTaint.effect }],
            containers: [
              {
                name: "device-plugin",
                image: images.devicePlugin,
                env: [{ name: "MIG_STRATEGY", value: mixed ? "mixed" : "none" }],
                // Without root and all devices it does not see the slices of a GPU.
                securityContext: { privileged: true },
                volumeMounts: [{ name: "sockets", mountPath: sockets }],
              },
            ],
            volumes: [{ name: "sockets", hostPath: { path: sockets, type: "Directory" } }],
          },
        },
      },
    },
    { ...options, dependsOn },
  );
}
