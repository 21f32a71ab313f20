import { apiVersionOf, kindOf } from "../kind.ts";
import { annotationOf, type KubeObject } from "../object.ts";
import type { WaitRule } from "./rule.ts";
import { claim } from "./rules/claim.ts";
import { daemonSet } from "./rules/daemon-set.ts";
import { deployment } from "./rules/deployment.ts";
import { job } from "./rules/job.ts";
import { pod } from "./rules/pod.ts";
import { service } from "./rules/service.ts";
import { statefulSet } from "./rules/stateful-set.ts";
import { waitFor } from "./rules/wait-for.ts";

/** The kinds that are waited for; every other is there once the API server has it. */
const byKind: Readonly<Record<string, WaitRule>> = {
  "apps/v1/Deployment": deployment,
  "apps/v1/StatefulSet": statefulSet,
  "apps/v1/DaemonSet": daemonSet,
  "batch/v1/Job": job,
  "v1/Pod": pod,
  "v1/Service": service,
  "v1/PersistentVolumeClaim": claim,
};

/** @throws SwarmError SW734 when the object's `pulumi.com/waitFor` is not understood */
export function waitRuleOf(object: KubeObject): WaitRule | undefined {
  const annotation = annotationOf(object, "pulumi.com/waitFor");
  if (annotation !== undefined) return waitFor(annotation);
  const kind = kindOf(object);
  return kind === undefined ? undefined : byKind[`${apiVersionOf(kind)}/${kind.kind}`];
}

export const skipsAwait = (object: KubeObject) =>
  annotationOf(object, "pulumi.com/skipAwait")?.toLowerCase() === "true";
