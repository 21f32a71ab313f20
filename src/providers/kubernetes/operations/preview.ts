import { recordAt } from "../../../platform/json.ts";
import { type Properties, unknownValue } from "../../base/values.ts";
import type { KubeObject } from "../object.ts";

/** Metadata that only the API server sets, and only in a real update. */
const given = ["uid", "resourceVersion", "creationTimestamp", "generation"];

/**
 * Outputs of a previewed create: server-set values are unknown, so a program that uses them sees unknown instead of
 * undefined.
 */
export function previewOutputs(outputs: Properties): Properties {
  const metadata = { ...recordAt(outputs, "metadata"), ...Object.fromEntries(given.map((key) => [key, unknownValue])) };
  return { ...outputs, metadata, ...(hasStatus(outputs) && { status: unknownValue }), ...addresses(outputs) };
}

/** Kinds that never have a status. */
const withoutStatus = [
  "ConfigMap",
  "Secret",
  "ServiceAccount",
  "Role",
  "RoleBinding",
  "ClusterRole",
  "ClusterRoleBinding",
];

function hasStatus({ kind }: KubeObject): boolean {
  return !withoutStatus.includes(String(kind));
}

/** Marks addresses as unknown: a dry run allocates others than the real run. */
function addresses(outputs: KubeObject): Properties {
  if (outputs.kind !== "Service" || outputs.apiVersion !== "v1") return {};
  const spec = recordAt(outputs, "spec");
  const own = recordAt(outputs, "__inputs", "spec").clusterIP ?? (spec.clusterIP === "None" ? "None" : undefined);
  return own !== undefined ? {} : { spec: { ...spec, clusterIP: unknownValue, clusterIPs: unknownValue } };
}
