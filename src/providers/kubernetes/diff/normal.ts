import { isRecord } from "../../../platform/json.ts";
import { isBuiltIn, type Kind } from "../kind.ts";
import { holdsQuantity, sameQuantity } from "./quantity.ts";

/**
 * How an API server rewrites objects of built-in kinds, so that a response differs from the request without a change. The
 * official provider passes these kinds through the types of the Kubernetes API, with the same effect. Objects of custom
 * kinds are stored as sent and need no normalisation.
 */
export interface Normal {
  /** Whether the server rewrites the old value as the new one: the quantity `1000m` becomes `1`. */
  same(old: unknown, next: unknown, path: string): boolean;
  /** Whether the server omits a zero value, as its field is optional: `hostNetwork: false`, `env[0].value: ""`, an empty map. */
  leavesOut(value: unknown, path: string): boolean;
}

const custom: Normal = { same: () => false, leavesOut: () => false };

export function normalOf(kind: Pick<Kind, "group" | "kind">): Normal {
  if (!isBuiltIn(kind)) return custom;
  const required = requiredLists[`${kind.group}/${kind.kind}`] ?? [];
  return {
    same: (old, next, path) => holdsQuantity(path) && sameQuantity(old, next),
    leavesOut: (value, path) => isZero(value) && !required.includes(path) && !path.endsWith(".projected.sources"),
  };
}

/** Lists without `omitempty` in k8s.io/api: sent empty, they come back as null. */
const requiredLists: Readonly<Record<string, readonly string[]>> = {
  "rbac.authorization.k8s.io/Role": ["rules"],
  "rbac.authorization.k8s.io/ClusterRole": ["rules"],
  "/LimitRange": ["spec.limits"],
  "discovery.k8s.io/EndpointSlice": ["endpoints", "ports"],
  "storage.k8s.io/CSINode": ["spec.drivers"],
};

function isZero(value: unknown): boolean {
  if (Array.isArray(value)) return value.length === 0;
  if (isRecord(value)) return Object.values(value).every(isZero);
  return value === undefined || value === null || value === "" || value === false || value === 0;
}
