import { Unreachable } from "../../../control-plane/failure.ts";
import { valueAt } from "../../../platform/json.ts";
import type { DeleteRequest } from "../../base/resource.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { isConflict, isGone, UnknownKind } from "../cluster/failures.ts";
import { type Reference, referenceTo } from "../cluster/reference.ts";
import { annotationOf, type KubeObject, nameOf, uidOf } from "../object.ts";
import { describeOwner, isOwn, ownerOf } from "../owner.ts";
import { liveOf } from "../state.ts";
import { skipsAwait } from "../wait/readiness.ts";
import { timeoutOf } from "../wait/timeout.ts";
import { waitUntilGone } from "../wait/wait-until-gone.ts";
import { refused, unreachableHint } from "./messages.ts";
import { kindIn, ownerFor } from "./operation.ts";

const propagations: Readonly<Record<string, string>> = {
  background: "Background",
  foreground: "Foreground",
  orphan: "Orphan",
};

/** Deletes an object and waits until it is gone. Leaves alone an object that another stack has since created with its name. */
export async function deleteObject(request: DeleteRequest, cluster: KubernetesCluster): Promise<void> {
  const { olds, log, signal, timeoutMs } = request;
  const live = liveOf(olds);
  const reference = referenceTo(kindIn(live, request), live);
  let uid: string | undefined;
  try {
    uid = await sendDelete(live, reference, request, cluster);
  } catch (error) {
    if (isGone(error) || error instanceof UnknownKind) return;
    if (error instanceof Unreachable) return withoutServer(error, request, cluster);
    throw error;
  }
  if (uid === leftAlone || skipsAwait(live)) return;
  log.progress("Resource scheduled for deletion");
  const deadline = { uid, timeoutMs: timeoutOf(live, timeoutMs), signal };
  const left = await waitUntilGone(cluster.objects, reference, deadline);
  if (left === undefined) {
    log.progress("");
    return;
  }
  if (signal.aborted) throw refused(`Resource operation was cancelled for "${nameOf(live)}"`);
  log.warning(`finalizers might be preventing deletion (${finalizersOf(left).join(", ")})`);
  throw refused("timed out waiting for the condition");
}

const leftAlone = "left alone";

/** @returns the uid of the object being deleted, or `leftAlone` */
async function sendDelete(
  live: KubeObject,
  reference: Reference,
  request: DeleteRequest,
  cluster: KubernetesCluster,
): Promise<string | undefined> {
  const { objects } = cluster;
  const asked = annotationOf(live, "pulumi.com/deletionPropagationPolicy")?.toLowerCase() ?? "foreground";
  const propagation = propagations[asked] ?? "Foreground";
  try {
    await objects.delete(reference, uidOf(live), propagation);
    return uidOf(live);
  } catch (error) {
    if (!isConflict(error)) throw error;
  }
  const other = await objects.get(reference, request.signal);
  if (ownerOf(other) !== undefined && !isOwn(other, ownerFor(request, cluster))) {
    request.log.warning(
      `left alone, as the recorded object is gone and another one has its name: ${describeOwner(other)}`,
    );
    return leftAlone;
  }
  await objects.delete(reference, uidOf(other), propagation);
  return uidOf(other);
}

function finalizersOf(object: KubeObject): readonly string[] {
  const finalizers = valueAt(object, ["metadata", "finalizers"]);
  return Array.isArray(finalizers) ? finalizers.map(String) : [];
}

function withoutServer(error: Unreachable, { log }: DeleteRequest, { settings }: KubernetesCluster): void {
  if (settings.deleteUnreachable) {
    log.info(
      "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. " +
        "Deleting the unreachable resource from Pulumi state",
    );
    return;
  }
  log.warning(error.message);
  throw new Error(`configured Kubernetes cluster is unreachable. ${unreachableHint}`);
}
