import { SwarmError } from "../../../errors.ts";
import { isRecord, recordAt, textAt } from "../../../platform/json.ts";
import type { CheckRequest, CheckResult } from "../../base/resource.ts";
import { hasUnknown, unknownValue } from "../../base/values.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { apiVersionOf, isNamespaced, type Kind, kindOf, kindOfType } from "../kind.ts";
import { type KubeObject, namespaceOf } from "../object.ts";
import { withName } from "./auto-name.ts";

/** Completes the inputs of an object: kind, name, namespace; a Secret's `stringData` becomes `data`. */
export async function checkInputs(request: CheckRequest, cluster: KubernetesCluster): Promise<CheckResult> {
  const { urn, type, news, olds, seed, autonaming } = request;
  const typed = kindOfType(type);
  const given = { apiVersion: apiVersionOf(typed), kind: typed.kind, ...withoutNulls(news) };
  if (news.metadata === unknownValue) return { inputs: given };
  const kind = kindOf(given) ?? typed;
  try {
    refuseUnsupported(kind, type, given);
    const folded = kind.kind === "Secret" && kind.group === "" ? mergeStringData(given) : given;
    const named = withName(folded, { resource: urn.split("::").at(-1) ?? "", olds, seed, autonaming });
    return { inputs: await withNamespace(named, kind, olds, cluster) };
  } catch (error) {
    if (!(error instanceof SwarmError) || error.code !== "SW733") throw error;
    return { inputs: given, failures: [{ property: "", reason: error.message }] };
  }
}

async function withNamespace(
  inputs: KubeObject,
  kind: Kind,
  olds: KubeObject | undefined,
  { discovery, namespace }: KubernetesCluster,
): Promise<KubeObject> {
  if (namespaceOf(inputs) !== undefined) return inputs;
  // While the kind is unknown the scope is unchanged; a new object is assumed to be namespaced.
  const assumed = olds === undefined || namespaceOf(olds) !== undefined;
  const namespaced =
    isNamespaced(kind) ??
    (await discovery.find(kind).then(
      (place) => place.namespaced,
      () => assumed,
    ));
  return namespaced ? { ...inputs, metadata: { ...recordAt(inputs, "metadata"), namespace } } : inputs;
}

/** Merges `stringData` of a Secret into `data`, as the API server does; keeps both while a value is unknown. */
export function mergeStringData(inputs: KubeObject): KubeObject {
  const { stringData, ...rest } = inputs;
  if (stringData === undefined || hasUnknown(stringData) || hasUnknown(inputs.data)) return inputs;
  const encoded = Object.entries(recordAt(inputs, "stringData")).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  return { ...rest, data: { ...recordAt(inputs, "data"), ...Object.fromEntries(encoded) } };
}

/** Removes null members at any depth; the API server treats them as missing. */
export function withoutNulls<Value>(value: Value): Value {
  return strip(value) as Value;
}

function strip(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(strip);
  if (!isRecord(value)) return value;
  return Object.fromEntries(
    Object.entries(value).flatMap(([key, item]) => (item === null ? [] : [[key, strip(item)]])),
  );
}

/**
 * Rejects inputs that this plugin does not support.
 *
 * @throws SwarmError SW733
 */
export function refuseUnsupported(kind: Kind, type: string, inputs: KubeObject): void {
  if (kind.kind.endsWith("List") && Array.isArray(inputs.items)) {
    throw new SwarmError(
      "SW733",
      "list resources exist for compatibility with YAML manifests and Helm charts, and cannot be created directly. " +
        "Use the underlying resource type instead",
    );
  }
  if (textAt(inputs, "metadata", "generateName") !== undefined) {
    throw new SwarmError("SW733", "the `.metadata.generateName` field is not supported in Server-Side Apply mode");
  }
  const isPatch = type.endsWith("Patch") && !type.endsWith(`:${kind.kind}`);
  if (isPatch || type.startsWith("kubernetes:helm.sh/") || type.startsWith("kubernetes:kustomize")) {
    throw new SwarmError("SW733", `the offline kubernetes plugin has no ${type}; install the official one for it`);
  }
}
