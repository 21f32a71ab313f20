import type { ControlPlane } from "../../../tools/control-plane/control-plane.ts";
import { until } from "../../support/sandbox.ts";

/** The part of an object that the tests use. */
export interface Found {
  readonly kind: string;
  readonly metadata: {
    readonly name: string;
    readonly uid: string;
    readonly labels?: Readonly<Record<string, string>>;
    readonly annotations?: Readonly<Record<string, string>>;
    readonly deletionTimestamp?: string;
  };
  readonly spec: { readonly replicas?: number; readonly nodeName?: string };
  readonly status?: { readonly readyReplicas?: number; readonly phase?: string };
}

/** `kubectl get`, with arguments such as "pods", "-n", "team". */
export async function objects(plane: ControlPlane, ...args: readonly string[]): Promise<Found[]> {
  const { items } = JSON.parse(await plane.runKubectl(["get", ...args, "-o", "json"])) as { items: Found[] };
  return items;
}

export async function replicas(plane: ControlPlane, namespace: string, workload: string): Promise<number | undefined> {
  const found = (await objects(plane, "deployments,statefulsets", "-n", namespace)).find(
    ({ metadata }) => metadata.name === workload,
  );
  return found?.spec.replicas;
}

/** Running pods of a cluster's agents. */
export function runningAgents(plane: ControlPlane, namespace: string): Promise<Found[]> {
  return objects(plane, "pods", "-n", namespace, "-l", "swarmstack.dev/agent", "--field-selector=status.phase=Running");
}

/** Pods of an agent that are not terminating. */
export async function podsOf(plane: ControlPlane, namespace: string, agent: string): Promise<Found[]> {
  const pods = await objects(plane, "pods", "-n", namespace, "-l", `swarmstack.dev/agent=${agent}`);
  return pods.filter(({ metadata }) => metadata.deletionTimestamp === undefined);
}

const everywhere = "priorityclasses,clusterroles,clusterrolebindings,persistentvolumes";
const inside = "all,configmaps,secrets,serviceaccounts,roles,rolebindings,persistentvolumeclaims,networkpolicies";

/**
 * Names of all remaining objects of a cluster: by its label, in its namespace, and volumes of its
 * PersistentVolumeClaims.
 */
async function remains(plane: ControlPlane, cluster: string, kinds: readonly string[] = []): Promise<string[]> {
  const label = `swarmstack.dev/cluster=${cluster}`;
  const [labelled, namespaced, namespaces, volumes] = await Promise.all([
    objects(plane, [everywhere, inside, ...kinds].join(","), "-A", "-l", label),
    objects(plane, inside, "-n", cluster),
    objects(plane, "namespaces"),
    objects(plane, "persistentvolumes"),
  ]);
  const claimed = volumes.filter((volume) => JSON.stringify(volume.spec).includes(`"namespace":"${cluster}"`));
  return [
    ...labelled,
    ...namespaced,
    ...claimed,
    ...namespaces.filter(({ metadata }) => metadata.name === cluster),
  ].map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** A volume is deleted after its PersistentVolumeClaim, when the claim's namespace no longer exists. */
export async function nothingRemains(plane: ControlPlane, cluster: string, kinds?: readonly string[]): Promise<void> {
  let left: readonly string[] = [];
  await until(`nothing is left of ${cluster}`, async () => {
    left = await remains(plane, cluster, kinds);
    return left.length === 0;
  }).catch((error: Error) => {
    throw new Error(`${error.message}: ${left.join(", ")}`);
  });
}
