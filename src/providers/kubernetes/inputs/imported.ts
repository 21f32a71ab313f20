import { isDeepStrictEqual } from "node:util";
import { isRecord, recordAt } from "../../../platform/json.ts";
import { annotationOf, type KubeObject } from "../object.ts";
import { ownerAnnotation } from "../owner.ts";

const lastApplied = "kubectl.kubernetes.io/last-applied-configuration";

/** Metadata that the API server or a controller sets. */
const serverMetadata = [
  "creationTimestamp",
  "deletionGracePeriodSeconds",
  "deletionTimestamp",
  "finalizers",
  "generation",
  "managedFields",
  "ownerReferences",
  "resourceVersion",
  "selfLink",
  "uid",
];

const hiddenAnnotations = [ownerAnnotation, lastApplied, "deployment.kubernetes.io/revision"];

/** Default values of the API server, by field name. Other values are kept. */
const defaults: Readonly<Record<string, readonly unknown[]>> = {
  clusterIP: [],
  clusterIPs: [],
  dnsPolicy: ["ClusterFirst"],
  imagePullPolicy: ["IfNotPresent", "Always"],
  internalTrafficPolicy: ["Cluster"],
  ipFamilies: [["IPv4"]],
  ipFamilyPolicy: ["SingleStack"],
  progressDeadlineSeconds: [600],
  protocol: ["TCP"],
  restartPolicy: ["Always"],
  revisionHistoryLimit: [10],
  schedulerName: ["default-scheduler"],
  securityContext: [{}],
  sessionAffinity: ["None"],
  strategy: [{ rollingUpdate: { maxSurge: "25%", maxUnavailable: "25%" }, type: "RollingUpdate" }],
  terminationGracePeriodSeconds: [30],
  terminationMessagePath: ["/dev/termination-log"],
  terminationMessagePolicy: ["File"],
  volumeMode: ["Filesystem"],
};

/**
 * Inputs that would create a live object: the input of `kubectl apply` if recorded, else the object without server-set
 * fields and defaults.
 */
export function importedInputs(live: KubeObject): KubeObject {
  const { status: _status, metadata: _metadata, ...body } = applied(live) ?? live;
  const { apiVersion, kind } = live;
  const cleaned = withoutDefaults(body);
  return { ...(isRecord(cleaned) ? cleaned : {}), apiVersion, kind, metadata: metadataOf(applied(live) ?? live, live) };
}

function applied(live: KubeObject): KubeObject | undefined {
  const text = annotationOf(live, lastApplied);
  if (text === undefined) return undefined;
  try {
    const parsed: unknown = JSON.parse(text);
    return isRecord(parsed) ? parsed : undefined;
  } catch {
    return undefined;
  }
}

function metadataOf(source: KubeObject, live: KubeObject): Record<string, unknown> {
  const { annotations, ...rest } = recordAt(source, "metadata");
  const kept = Object.entries(isRecord(annotations) ? annotations : {}).filter(
    ([key]) => !hiddenAnnotations.includes(key),
  );
  const { name, namespace } = recordAt(live, "metadata");
  return {
    ...Object.fromEntries(Object.entries(rest).filter(([key]) => !serverMetadata.includes(key))),
    ...(kept.length > 0 && { annotations: Object.fromEntries(kept) }),
    name,
    ...(namespace !== undefined && { namespace }),
  };
}

function withoutDefaults(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withoutDefaults);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => {
      const usual = defaults[key];
      const isDefault = usual?.some((each) => isDeepStrictEqual(each, item)) ?? false;
      const isGiven = usual?.length === 0 && !isDeepStrictEqual([item].flat(), ["None"]);
      return isDefault || isGiven || key === "creationTimestamp" ? [] : [[key, withoutDefaults(item)]];
    }),
  );
}
