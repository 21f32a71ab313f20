import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import { SwarmError } from "../../../errors.ts";
import { textAt } from "../../../platform/json.ts";
import { pause } from "../../../platform/wait.ts";
import type { CallContext, Created, CreateRequest } from "../../base/resource.ts";
import { hasUnknown } from "../../base/values.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { alreadyExists, isConflict, isSilent, UnknownKind } from "../cluster/failures.ts";
import { referenceTo } from "../cluster/reference.ts";
import { createManager, formerManager, newManager } from "../fields/managers.ts";
import type { Kind } from "../kind.ts";
import { idOf, type KubeObject } from "../object.ts";
import { describeOwner, isOwn, owned, ownerOf } from "../owner.ts";
import { outputsOf } from "../state.ts";
import { conflict, createdButNotLive, createFailure, inPreview, textOf } from "./messages.ts";
import { becomeLive, forces, kindIn, ownerFor, passOn } from "./operation.ts";
import { previewOutputs } from "./preview.ts";
import { takeOverFields } from "./take-over.ts";

/** Delays before retries for a missing kind or namespace, which the same program may be creating. */
const retryDelaysMs = [1000, 2000, 4000, 8000, 16_000, 32_000];

/**
 * Creates an object and waits until it is ready.
 *
 * Refuses an existing object and names its owner, unless it is our own (`isOwn`): left by a run that was killed before the
 * engine could record it; that one is updated.
 */
export async function createObject(request: CreateRequest, cluster: KubernetesCluster): Promise<Created> {
  const { inputs, preview, urn } = request;
  const kind = kindIn(inputs, request);
  if (preview) return await previewCreate(request, kind, cluster);
  const made = await persist(request, kind, cluster);
  const record = { manager: made.manager, initialApiVersion: textAt(inputs, "apiVersion") ?? "", inputs };
  const outputs = await becomeLive(made.object, record, cluster, { ...request, updating: made.existed }, (why) =>
    createdButNotLive(urn, why),
  );
  return { id: idOf(made.object), outputs };
}

interface Made {
  readonly object: KubeObject;
  readonly manager: string;
  readonly existed: boolean;
}

async function persist(request: CreateRequest, kind: Kind, cluster: KubernetesCluster): Promise<Made> {
  const { urn, log, signal } = request;
  for (let attempt = 0; ; attempt++) {
    try {
      return await makeOrAdopt(request, kind, cluster);
    } catch (error) {
      const failure = createFailure(urn, kind, error);
      const delayMs = comesLater(error) ? retryDelaysMs[attempt] : undefined;
      const tells = attempt === 0 || delayMs !== undefined;
      if (tells && !(error instanceof Unreachable))
        log.progress(`Retry #${attempt}; creation failed: ${textOf(error)}`);
      if (delayMs === undefined) throw failure;
      await pause(delayMs, signal);
      if (signal.aborted) throw failure;
    }
  }
}

/** Whether the failure is a missing kind or namespace, which another resource of the program may be creating. */
function comesLater(error: unknown): boolean {
  if (error instanceof UnknownKind) return true;
  return error instanceof ApiFailure && error.status === 404 && /^namespaces "/.test(error.message);
}

async function makeOrAdopt(request: CreateRequest, kind: Kind, cluster: KubernetesCluster): Promise<Made> {
  const { inputs } = request;
  if (cluster.settings.upsertExistingObjects) return await upsert(request, kind, cluster);
  try {
    const body = owned(inputs, ownerFor(request, cluster));
    const { object, warnings } = await cluster.objects.create(kind, body, { manager: createManager, dryRun: false });
    passOn(warnings, request, cluster);
    return { object, manager: newManager(), existed: false };
  } catch (error) {
    if (!alreadyExists(error)) throw error;
    const live = await cluster.objects.get(referenceTo(kind, inputs), request.signal);
    if (!isOwn(live, ownerFor(request, cluster))) throw belongsToOther(error, live, request);
    return await adopt(live, request, kind, cluster);
  }
}

/** Updates an object that an earlier run of the same resource left. */
async function adopt(live: KubeObject, request: CreateRequest, kind: Kind, cluster: KubernetesCluster): Promise<Made> {
  const { inputs, signal } = request;
  const manager = formerManager(live) ?? newManager();
  await takeOverFields(live, manager, { objects: cluster.objects, reference: referenceTo(kind, live), signal });
  return { ...(await apply(manager, request, kind, cluster, inputs)), existed: true };
}

/** Takes over an existing object (`upsertExistingObjects`); fields of other managers conflict unless forced. */
async function upsert(request: CreateRequest, kind: Kind, cluster: KubernetesCluster): Promise<Made> {
  return { ...(await apply(newManager(), request, kind, cluster, request.inputs)), existed: false };
}

async function apply(
  manager: string,
  context: CallContext,
  kind: Kind,
  cluster: KubernetesCluster,
  inputs: KubeObject,
) {
  const body = owned(inputs, ownerFor(context, cluster));
  const options = { manager, dryRun: false, force: forces(inputs, cluster) };
  try {
    const { object, warnings } = await cluster.objects.apply(kind, body, options);
    passOn(warnings, context, cluster);
    return { object, manager };
  } catch (error) {
    if (error instanceof ApiFailure && isConflict(error)) throw new SwarmError("SW703", conflict(manager, error));
    throw error;
  }
}

const unowned =
  "To adopt it into this stack: `pulumi import`, or the resource option `import`; or set the provider's " +
  "`upsertExistingObjects`. If this resource only got a new name in the program, say so with `aliases`";
const otherStack = "Destroy it there, or give this one another name or namespace";
const sameNames =
  "That is another state with the same names, or this one's before its provider was replaced: give this one another name or " +
  "namespace, or destroy the other one first";

function belongsToOther(error: unknown, live: KubeObject, { urn }: CallContext): SwarmError {
  const owner = ownerOf(live);
  const hints = owner === undefined ? unowned : owner.urn === urn ? sameNames : otherStack;
  return new SwarmError("SW703", `${textOf(error)}: ${describeOwner(live)}. ${hints}.`);
}

/** Makes the same call as a dry run; where that is impossible, outputs are the inputs. */
async function previewCreate(request: CreateRequest, kind: Kind, cluster: KubernetesCluster): Promise<Created> {
  const { inputs, urn } = request;
  const id = idOf(inputs);
  if (hasUnknown(inputs)) return { id: hasUnknown(id) ? "" : id, outputs: previewOutputs(inputs) };
  try {
    const { object } = await cluster.objects.create(kind, owned(inputs, ownerFor(request, cluster)), {
      manager: createManager,
      dryRun: true,
    });
    const record = { manager: newManager(), initialApiVersion: textAt(inputs, "apiVersion") ?? "", inputs };
    return { id, outputs: previewOutputs(outputsOf(object, record)) };
  } catch (error) {
    const silent = isSilent(error) || comesLater(error) || alreadyExists(error);
    if (!silent) throw inPreview(createFailure(urn, kind, error).message);
    return { id, outputs: previewOutputs(inputs) };
  }
}
