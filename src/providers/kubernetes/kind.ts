import { textAt } from "../../platform/json.ts";
import type { KubeObject } from "./object.ts";

/** Group, version and kind of the Kubernetes API; the core group is empty. */
export interface Kind {
  readonly group: string;
  readonly version: string;
  readonly kind: string;
}

export const apiVersionOf = ({ group, version }: Kind) => (group === "" ? version : `${group}/${version}`);

/** The kind of an object; undefined if it names none. */
export function kindOf(object: KubeObject): Kind | undefined {
  const apiVersion = textAt(object, "apiVersion");
  const kind = textAt(object, "kind");
  if (apiVersion === undefined || kind === undefined) return undefined;
  const slash = apiVersion.indexOf("/");
  return { group: slash < 0 ? "" : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), kind };
}

/** The kind of a type token such as `kubernetes:apps/v1:Deployment`; the SDK writes the core group as `core`. */
export function kindOfType(type: string): Kind {
  const [, module = "", kind = ""] = type.split(":");
  const slash = module.indexOf("/");
  const group = module.slice(0, Math.max(slash, 0));
  return { group: group === "core" ? "" : group, version: module.slice(slash + 1), kind };
}

const clusterScoped: Readonly<Record<string, readonly string[]>> = {
  "": ["Namespace", "Node", "PersistentVolume", "ComponentStatus"],
  "admissionregistration.k8s.io": [
    "MutatingAdmissionPolicy",
    "MutatingAdmissionPolicyBinding",
    "MutatingWebhookConfiguration",
    "ValidatingAdmissionPolicy",
    "ValidatingAdmissionPolicyBinding",
    "ValidatingWebhookConfiguration",
  ],
  "apiextensions.k8s.io": ["CustomResourceDefinition"],
  "apiregistration.k8s.io": ["APIService"],
  "certificates.k8s.io": ["CertificateSigningRequest", "ClusterTrustBundle"],
  "flowcontrol.apiserver.k8s.io": ["FlowSchema", "PriorityLevelConfiguration"],
  "networking.k8s.io": ["IngressClass", "IPAddress", "ServiceCIDR"],
  "node.k8s.io": ["RuntimeClass"],
  "rbac.authorization.k8s.io": ["ClusterRole", "ClusterRoleBinding"],
  "resource.k8s.io": ["DeviceClass", "ResourceSlice"],
  "scheduling.k8s.io": ["PriorityClass"],
  "storage.k8s.io": ["CSIDriver", "CSINode", "StorageClass", "VolumeAttachment", "VolumeAttributesClass"],
};

const namespacedOnly = [
  "apps",
  "autoscaling",
  "batch",
  "coordination.k8s.io",
  "discovery.k8s.io",
  "events.k8s.io",
  "policy",
];

/** Whether a kind is built into the API server; all others are defined by a CRD. */
export function isBuiltIn(kind: Pick<Kind, "group" | "kind">): boolean {
  return namespacedOnly.includes(kind.group) || clusterScoped[kind.group] !== undefined;
}

/** Whether objects of a built-in kind live in a namespace; undefined for custom kinds, which only the server knows. */
export function isNamespaced({ group, kind }: Kind): boolean | undefined {
  if (namespacedOnly.includes(group)) return true;
  const names = clusterScoped[group];
  return names === undefined ? undefined : !names.includes(kind);
}
