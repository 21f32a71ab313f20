import { expect, test } from "vitest";
import { replaces } from "./replacements.ts";

const frozen = { configMaps: false, secrets: false };

/** Section 5 of the observed behaviour: kind, what replaces, what is changed in place. */
const table: readonly [string, readonly string[], readonly string[]][] = [
  [
    "apps/Deployment",
    ["spec.selector.matchLabels.a"],
    ["spec.strategy.type", "spec.template.spec.containers[0].image", "spec.replicas"],
  ],
  ["apps/DaemonSet", ["spec.selector.matchLabels.a"], ["spec.template.metadata.labels.a"]],
  [
    "apps/StatefulSet",
    [
      "spec.selector",
      "spec.serviceName",
      "spec.volumeClaimTemplates[0].spec",
      "spec.podManagementPolicy",
      "spec.revisionHistoryLimit",
    ],
    ["spec.replicas", "spec.template.spec", "spec.persistentVolumeClaimRetentionPolicy.whenScaled"],
  ],
  [
    "batch/Job",
    ["spec.selector", "spec.template.spec.containers[0].image", "spec.completions", "spec.parallelism"],
    ["spec.backoffLimit", "spec.suspend", "spec.ttlSecondsAfterFinished", "spec.activeDeadlineSeconds"],
  ],
  [
    "/Pod",
    [
      "spec.containers[0].image",
      "spec.containers[0].env[1].value",
      "spec.nodeName",
      "spec.volumes[0]",
      "spec.restartPolicy",
    ],
    ["metadata.labels.a", "spec.tolerations[0].key", "spec.activeDeadlineSeconds"],
  ],
  [
    "/PersistentVolumeClaim",
    ["spec.accessModes[0]", "spec.storageClassName", "spec.volumeName", "spec.selector.matchLabels.a"],
    ["spec.resources.requests.storage", "spec.volumeMode"],
  ],
  [
    "/PersistentVolume",
    ["spec.hostPath.path", "spec.csi.driver"],
    ["spec.capacity.storage", "spec.persistentVolumeReclaimPolicy"],
  ],
  [
    "/Service",
    ["spec.clusterIP"],
    ["spec.type", "spec.ports[0].port", "spec.selector.a", "spec.clusterIPs[0]", "spec.ipFamilies[0]"],
  ],
  ["/ConfigMap", ["data.a", "data", "binaryData.b", 'data["a.b"]'], ["metadata.labels.a", "immutable"]],
  ["/Secret", ["data.a", "type"], ["metadata.annotations.a"]],
  ["rbac.authorization.k8s.io/RoleBinding", ["roleRef.name"], ["subjects[0].name"]],
  ["rbac.authorization.k8s.io/ClusterRoleBinding", ["roleRef.name"], ["subjects[0].name"]],
  ["storage.k8s.io/StorageClass", ["provisioner", "parameters.type"], ["reclaimPolicy"]],
  ["/ResourceQuota", ["spec.scopes[0]"], ["spec.hard.cpu"]],
  ["policy/PodDisruptionBudget", [], ["spec.maxUnavailable", "spec.selector.matchLabels.a"]],
  ["scheduling.k8s.io/PriorityClass", [], ["value", "preemptionPolicy"]],
  ["batch/CronJob", [], ["spec.schedule", "spec.jobTemplate.spec.template.spec"]],
  ["autoscaling/HorizontalPodAutoscaler", [], ["spec.scaleTargetRef.name"]],
  ["/Namespace", [], ["metadata.labels.a"]],
  ["keda.sh/ScaledObject", [], ["spec.triggers[0].type", "spec.scaleTargetRef.name"]],
];

const cases = table.flatMap(([key, replaced, inPlace]) => [
  ...["metadata.name", "metadata.namespace", ...replaced].map((path) => ({ key, path, want: true })),
  ...["apiVersion", "metadata.labels.x", ...inPlace].map((path) => ({ key, path, want: false })),
]);

function kindOf(key: string) {
  const [group = "", kind = ""] = key.split("/");
  return { group, kind };
}

test.each(cases)("§5 replacement table: $key $path replaces: $want", ({ key, path, want }) => {
  expect(replaces(kindOf(key), path, frozen, false)).toBe(want);
});

test.each([
  { key: "/ConfigMap", path: "data.a", immutable: false, want: false },
  { key: "/ConfigMap", path: "data.a", immutable: true, want: true },
  { key: "/Secret", path: "data.a", immutable: false, want: false },
  { key: "/Secret", path: "data.a", immutable: true, want: true },
  { key: "/Secret", path: "type", immutable: false, want: true },
])("§5 enableConfigMapMutable, enableSecretMutable: with mutable data, $key $path (immutable: $immutable) replaces: $want", ({
  key,
  path,
  immutable,
  want,
}) => {
  expect(replaces(kindOf(key), path, { configMaps: true, secrets: true }, immutable)).toBe(want);
});
