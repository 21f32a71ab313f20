import { isRecord } from "../../../platform/json.ts";
import { isBuiltIn, type Kind } from "../kind.ts";
import { holdsQuantity, sameQuantity } from "./quantity.ts";

/**
 * What an API server does to the objects of its own kinds, so that an answer differs from what was sent without a change. The
 * official provider passes these kinds through the types of the Kubernetes API, which has the same effect. Objects of custom
 * kinds are kept as they are sent: nothing is normal there.
 */
export interface Normal {
  /** The server spells a value anew: the quantity `1000m` is `1`. */
  same(old: unknown, next: unknown, path: string): boolean;
  /** The server leaves out a zero value, as its field is optional: `hostNetwork: false`, `env[0].value: ""`, an empty map. */
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

/** Lists that are no optional fields (without `omitempty` in k8s.io/api): sent empty, they come back as null. */
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
