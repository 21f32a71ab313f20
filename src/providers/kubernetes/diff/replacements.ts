import type { Kind } from "../kind.ts";

export interface MutableKinds {
  readonly configMaps: boolean;
  readonly secrets: boolean;
}

const volumeSources = [
  "awsElasticBlockStore",
  "azureDisk",
  "azureFile",
  "cephfs",
  "cinder",
  "csi",
  "fc",
  "flexVolume",
  "flocker",
  "gcePersistentDisk",
  "glusterfs",
  "hostPath",
  "iscsi",
  "local",
  "nfs",
  "photonPersistentDisk",
  "portworxVolume",
  "quobyte",
  "rbd",
  "scaleIO",
  "storageos",
  "vsphereVolume",
];

/** Fields that cannot change in place, by `group/kind`: each path and everything below it. Determined with the official provider. */
const forced: Readonly<Record<string, readonly string[]>> = {
  "apps/Deployment": ["spec.selector"],
  "apps/DaemonSet": ["spec.selector"],
  "apps/StatefulSet": [
    "spec.selector",
    "spec.serviceName",
    "spec.volumeClaimTemplates",
    "spec.podManagementPolicy",
    "spec.revisionHistoryLimit",
  ],
  "batch/Job": ["spec.selector", "spec.template", "spec.completions", "spec.parallelism"],
  "/Pod": ["spec"],
  "/PersistentVolumeClaim": ["spec.accessModes", "spec.storageClassName", "spec.volumeName", "spec.selector"],
  "/PersistentVolume": volumeSources.map((source) => `spec.${source}`),
  "/Service": ["spec.clusterIP"],
  "/ConfigMap": ["data", "binaryData"],
  "/Secret": ["data", "stringData", "type"],
  "/ResourceQuota": ["spec.scopes"],
  "rbac.authorization.k8s.io/RoleBinding": ["roleRef"],
  "rbac.authorization.k8s.io/ClusterRoleBinding": ["roleRef"],
  "storage.k8s.io/StorageClass": ["provisioner", "parameters"],
};

const inPlace: Readonly<Record<string, readonly string[]>> = {
  "/Pod": ["spec.tolerations", "spec.activeDeadlineSeconds"],
};

const identity = ["metadata.name", "metadata.namespace"];

/**
 * Whether a change at a path replaces the object.
 *
 * @param immutable the object has `immutable: true`: its data cannot change in place, whatever the provider's flags
 */
export function replaces(
  { group, kind }: Pick<Kind, "group" | "kind">,
  path: string,
  mutable: MutableKinds,
  immutable: boolean,
): boolean {
  if (isWithin(path, identity)) return true;
  const key = `${group}/${kind}`;
  if (isWithin(path, inPlace[key] ?? []) || !isWithin(path, forced[key] ?? [])) return false;
  if (key === "/ConfigMap") return immutable || !mutable.configMaps;
  if (key === "/Secret" && !isWithin(path, ["type"])) return immutable || !mutable.secrets;
  return true;
}

function isWithin(path: string, places: readonly string[]): boolean {
  return places.some((place) => path === place || path.startsWith(`${place}.`) || path.startsWith(`${place}[`));
}
