import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import { textAt } from "../../../platform/json.ts";
import { parsePath } from "../../base/property-path.ts";
import { InitializationFailed, type UpdateRequest } from "../../base/resource.ts";
import { hasUnknown, type Properties } from "../../base/values.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { isConflict, isGone, isSilent, UnknownKind } from "../cluster/failures.ts";
import type { Written } from "../cluster/objects.ts";
import { type Reference, referenceTo } from "../cluster/reference.ts";
import { isHeldElsewhere } from "../fields/held-elsewhere.ts";
import { isTakenOverManager, newManager } from "../fields/managers.ts";
import { expandPath, withoutPath } from "../fields/without-path.ts";
import { idOf, type KubeObject, uidOf } from "../object.ts";
import { describeOwner, isOwn, owned, ownerOf } from "../owner.ts";
import { type Bookkeeping, initialApiVersionOf, managerOf, outputsOf } from "../state.ts";
import { inPreview, notLive, refused, textOf, updateFailure } from "./messages.ts";
import { becomeLive, forces, kindIn, ownerFor, passOn } from "./operation.ts";
import { previewOutputs } from "./preview.ts";
import { takeOverFields } from "./take-over.ts";

/** Applies new inputs with the object's field manager and waits until it is ready. */
export async function updateObject(request: UpdateRequest, cluster: KubernetesCluster): Promise<Properties> {
  const { news, olds, preview } = request;
  const reference = referenceTo(kindIn(news, request), news);
  const manager = managerOf(olds) ?? newManager();
  if (preview) return await previewUpdate(request, reference, manager, cluster);

  const live = await find(request, reference, cluster);
  const inputs = withoutForeign(news, request.ignoreChanges, live, manager);
  const record: Bookkeeping = { manager, initialApiVersion: initialApiVersionOf(olds), inputs };
  let written: Written;
  try {
    refuseForeign(live, request, cluster);
    const { objects } = cluster;
    await takeOverFields(live, manager, { objects, reference, signal: request.signal });
    const body = owned(inputs, ownerFor(request, cluster));
    written = await objects.apply(reference, body, { manager, dryRun: false, force: forces(inputs, cluster) });
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    const current = await cluster.objects.get(reference, request.signal).catch(() => live);
    throw new InitializationFailed(idOf(current), outputsOf(current, record), [updateFailure(news, manager, error)]);
  }
  passOn(written.warnings, request, cluster);
  return await becomeLive(written.object, record, cluster, { ...request, updating: true }, (why) => notLive(news, why));
}

async function find(
  { urn, signal }: UpdateRequest,
  reference: Reference,
  cluster: KubernetesCluster,
): Promise<KubeObject> {
  try {
    return await cluster.objects.get(reference, signal);
  } catch (error) {
    if (error instanceof Unreachable) throw error;
    throw refused(
      `update of resource "${urn}" failed: ${textOf(error)}\nunable to get cluster state: ${textOf(error)}`,
    );
  }
}

/** Omits an ignored field that another manager owns; a field that only we own is sent unchanged, or the apply would remove it. */
function withoutForeign(
  news: KubeObject,
  ignoreChanges: readonly string[],
  live: KubeObject,
  manager: string,
): KubeObject {
  return ignoreChanges
    .flatMap((path) => expandPath(news, parsePath(path)))
    .filter((path) => isHeldElsewhere(live, path, manager))
    .reduce((inputs, path) => withoutPath(inputs, path), news);
}

/** Refuses an update when the recorded object was deleted and another stack has created one with its name. */
function refuseForeign(live: KubeObject, request: UpdateRequest, cluster: KubernetesCluster): void {
  const other = ownerOf(live) !== undefined && !isOwn(live, ownerFor(request, cluster));
  if (other && uidOf(live) !== uidOf(request.olds)) throw refused(`it is another object now: ${describeOwner(live)}`);
}

async function previewUpdate(
  request: UpdateRequest,
  reference: Reference,
  manager: string,
  cluster: KubernetesCluster,
): Promise<Properties> {
  const { news, olds, ignoreChanges, signal } = request;
  if (hasUnknown(news)) return previewOutputs(news);
  try {
    const live = await cluster.objects.get(reference, signal);
    const inputs = withoutForeign(news, ignoreChanges, live, manager);
    const body = owned(inputs, ownerFor(request, cluster));
    const record: Bookkeeping = { manager, initialApiVersion: initialApiVersionOf(olds), inputs };
    const dryRun = (force: boolean) => cluster.objects.apply(reference, body, { manager, dryRun: true, force });
    const { object } = await dryRun(forces(inputs, cluster)).catch((error: unknown) => {
      // Fields that the update takes over first do not conflict.
      if (error instanceof ApiFailure && isConflict(error) && error.causes.every(isOnlyOurs)) return dryRun(true);
      throw error;
    });
    return outputsOf(object, record);
  } catch (error) {
    if (isSilent(error) || error instanceof UnknownKind || isGone(error)) return previewOutputs(news);
    throw inPreview(updateFailure(news, manager, error));
  }
}

function isOnlyOurs(cause: Record<string, unknown>): boolean {
  const [, manager, subresource] =
    /conflict with "([^"]*)"( with subresource)?/.exec(textAt(cause, "message") ?? "") ?? [];
  return manager !== undefined && subresource === undefined && isTakenOverManager(manager);
}
