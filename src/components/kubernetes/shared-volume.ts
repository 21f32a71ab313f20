import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { inNamespace } from "./labels.ts";
import { quantity } from "./quantity.ts";
import type { KubernetesScope } from "./scope.ts";

/** The volume that all agents write to, if the plan has one. */
export function createSharedVolume(scope: KubernetesScope): pulumi.Output<string> | undefined {
  const { plan, options, storage } = scope;
  const { volumeBytes } = plan.shared;
  if (volumeBytes === undefined) return undefined;
  const name = partName(plan.resource, "shared");
  const spec = {
    accessModes: ["ReadWriteMany"],
    resources: { requests: { storage: quantity(volumeBytes) } },
    ...(storage.shared !== undefined && { storageClassName: storage.shared }),
  };
  return new PersistentVolumeClaim(name, { metadata: inNamespace(scope, name), spec }, options).metadata.name;
}
