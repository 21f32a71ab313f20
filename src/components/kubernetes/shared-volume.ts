import { PersistentVolumeClaim } from "@pulumi/kubernetes/core/v1/index.js";
import type * as pulumi from "@pulumi/pulumi";
import { partName } from "../../part-name.ts";
import { inNamespace } from "./labels.ts";
import type { Site } from "./site.ts";

/** The volume that all agents write to, if there is one. */
export function createSharedVolume(site: Site): pulumi.Output<string> | undefined {
  const { plan, options, storage } = site;
  const { volumeBytes } = plan.shared;
  if (volumeBytes === undefined) return undefined;
  const name = partName(plan.resource, "shared");
  const spec = {
    accessModes: ["ReadWriteMany"],
    resources: { requests: { storage: String(volumeBytes) } },
    ...(storage.shared !== undefined && { storageClassName: storage.shared }),
  };
  return new PersistentVolumeClaim(name, { metadata: inNamespace(site, name), spec }, options).metadata.name;
}
