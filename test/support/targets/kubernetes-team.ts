import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { CoreV1Api, type KubernetesObject, type V1Pod } from "@kubernetes/client-node";
import { kubernetesDriver } from "../../../src/drivers/kubernetes/kubernetes-driver.ts";
import { agentApi, labelKeys, resourceName } from "../../../src/names.ts";
import type { ControlPlaneClient } from "../../../tools/control-plane/control-plane.ts";
import { type Target, uniqueName } from "./target.ts";
import { eventually, type Team, type TeamOptions } from "./team.ts";
import { planOf, resourcesOf, takeTurn } from "./team-plan.ts";

const run = promisify(execFile);

/** For a busy machine with two processors. */
const startMs = 60_000;
const startEachMs = 5_000;

/** Pods of a compiled blueprint on a process node, created without the engine. */
export function kubernetesTeam(plane: () => ControlPlaneClient): Target["team"] {
  return async (onFinished, options = {}) => {
    const done = await takeTurn();
    const cluster = uniqueName("team");
    const namespace = resourceName([cluster]);
    process.env.KUBECONFIG = plane().kubeconfig;
    const driver = await kubernetesDriver({ context: undefined, namespace, resource: namespace });
    onFinished(async () => {
      done();
      driver.close();
      await run(plane().kubectl, [
        "--kubeconfig",
        plane().kubeconfig,
        "delete",
        "namespace",
        namespace,
        "--ignore-not-found",
        // The control plane removes it at the latest, and its name is unique.
        "--wait=false",
      ]);
    });
    await plane().apply(await objectsOf(cluster, options));
    const team = teamOf(plane(), namespace, driver);
    await eventually(async () => (await driver.status())?.api);
    await team.scale(options.count ?? 1);
    return team;
  };
}

/** Objects that the program creates on Kubernetes, in an order that needs no retries. */
async function objectsOf(cluster: string, options: TeamOptions): Promise<readonly KubernetesObject[]> {
  const resources = await resourcesOf(planOf(cluster, { target: "kubernetes", max: 50, memory: "64Mi" }, options));
  const objects = resources.filter(({ type }) => type.startsWith("kubernetes:")).map(({ inputs }) => inputs);
  return objects.sort((a, b) => rank(a) - rank(b)) as readonly KubernetesObject[];
}

const workloads: readonly unknown[] = ["Deployment", "StatefulSet"];

/** Pods last: a pod with a missing dependency is retried with increasing delays. */
const rank = ({ kind }: { kind?: unknown }): number => (kind === "Namespace" ? 0 : workloads.includes(kind) ? 2 : 1);

/** Whether a pod is or was ready: a test may kill it before the last of many is ready. */
function hasBegun({ status }: V1Pod): boolean {
  const [container] = status?.containerStatuses ?? [];
  return container !== undefined && (container.ready || container.restartCount > 0);
}

function teamOf(plane: ControlPlaneClient, namespace: string, driver: Team["driver"]): Team {
  const core = plane.client().makeApiClient(CoreV1Api);
  const pods = async (labelSelector: string): Promise<readonly V1Pod[]> =>
    (await core.listNamespacedPod({ namespace, labelSelector })).items;

  const kill = (name: string) => killPod(core, namespace, name);

  return {
    driver,
    async scale(count) {
      const args = ["scale", "deployment", "--selector", labelKeys.agent, `--replicas=${count}`];
      await run(plane.kubectl, ["--kubeconfig", plane.kubeconfig, "--namespace", namespace, ...args]);
      await eventually(
        async () => {
          const found = await pods(labelKeys.agent);
          const begun = found.filter(hasBegun);
          return (found.length === count && begun.length === count) || undefined;
        },
        startMs + count * startEachMs,
      );
    },
    kill,
    async killWithApi(instance) {
      for (const { metadata } of await pods(`${labelKeys.part}=${agentApi.part}`)) await kill(metadata?.name ?? "");
      await kill(instance);
      await eventually(async () => (await driver.status())?.api);
    },
  };
}

/** Kills the process of a pod with -9; the process node reports its pid. */
export async function killPod(core: CoreV1Api, namespace: string, name: string): Promise<void> {
  const pod = await core.readNamespacedPod({ name, namespace });
  const [container] = pod.status?.containerStatuses ?? [];
  const pid = Number(/^process:\/\/(\d+)$/.exec(container?.containerID ?? "")?.[1]);
  if (container?.state?.running === undefined || !(pid > 1)) return;
  process.kill(pid, "SIGKILL");
  await eventually(async () => {
    const [now] = (await core.readNamespacedPod({ name, namespace })).status?.containerStatuses ?? [];
    return now?.containerID !== container.containerID || now?.state?.running === undefined || undefined;
  });
}
