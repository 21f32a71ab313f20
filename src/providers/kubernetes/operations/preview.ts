import { recordAt } from "../../../platform/json.ts";
import { type Properties, unknownValue } from "../../base/values.ts";
import type { KubeObject } from "../object.ts";

/** What only the API server gives an object, and only in an update. */
const given = ["uid", "resourceVersion", "creationTimestamp", "generation"];

/**
 * The outputs of a create that was not made: what the server adds is unknown, so that a program that uses it is told so
 * instead of getting undefined.
 */
export function previewOutputs(outputs: Properties): Properties {
  const metadata = { ...recordAt(outputs, "metadata"), ...Object.fromEntries(given.map((key) => [key, unknownValue])) };
  return { ...outputs, metadata, ...(hasStatus(outputs) && { status: unknownValue }), ...addresses(outputs) };
}

/** These kinds have no status, ever. */
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

/** A dry run hands out an address that the real run will not get. */
function addresses(outputs: KubeObject): Properties {
  if (outputs.kind !== "Service" || outputs.apiVersion !== "v1") return {};
  const spec = recordAt(outputs, "spec");
  const own = recordAt(outputs, "__inputs", "spec").clusterIP ?? (spec.clusterIP === "None" ? "None" : undefined);
  return own !== undefined ? {} : { spec: { ...spec, clusterIP: unknownValue, clusterIPs: unknownValue } };
}
