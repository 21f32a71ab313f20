import { Unreachable } from "../../../control-plane/failure.ts";
import { textAt } from "../../../platform/json.ts";
import { InitializationFailed, type ReadRequest, type ReadResult } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { isGone, UnknownKind } from "../cluster/failures.ts";
import { type Reference, referenceTo } from "../cluster/reference.ts";
import { normalOf } from "../diff/normal.ts";
import { recordedInputs } from "../diff/recorded.ts";
import { newManager } from "../fields/managers.ts";
import { importedInputs } from "../inputs/imported.ts";
import { type Kind, kindOfType } from "../kind.ts";
import { type KubeObject, nameOf, uidOf } from "../object.ts";
import { describeOwner, isOwn, ownerOf } from "../owner.ts";
import { initialApiVersionOf, liveOf, managerOf, outputsOf } from "../state.ts";
import { skipsAwait, waitRuleOf } from "../wait/readiness.ts";
import { judge } from "../wait/wait-until-ready.ts";
import { unreachableHint } from "./messages.ts";
import { kindIn, ownerFor } from "./operation.ts";

/** Reads an object for a refresh, an import or a `get`; undefined when it is gone. */
export async function readObject(request: ReadRequest, cluster: KubernetesCluster): Promise<ReadResult | undefined> {
  const { olds, oldInputs, id, type, log } = request;
  const known = Object.keys(oldInputs).length > 0 ? oldInputs : liveOf(olds);
  const importing = Object.keys(known).length === 0;
  const reference = importing ? referenceOfId(kindOfType(type), id) : referenceTo(kindIn(known, request), known);
  let live: KubeObject;
  try {
    const get = importing ? cluster.objects.get : cluster.objects.getListed;
    live = await get(reference, request.signal);
  } catch (error) {
    if (isGone(error) || error instanceof UnknownKind) return undefined;
    if (error instanceof Unreachable) return withoutServer(error, request, cluster);
    throw error;
  }
  if (!importing && belongsToOther(live, request, cluster)) {
    log.warning(`the recorded object is gone, and another one has its name: ${describeOwner(live)}`);
    return undefined;
  }
  const inputs = importing ? importedInputs(live) : recordedInputs(live, oldInputs, normalOf(reference));
  const manager = managerOf(olds) ?? newManager();
  const initialApiVersion = initialApiVersionOf(olds) || (textAt(live, "apiVersion") ?? "");
  const outputs = outputsOf(live, { manager, initialApiVersion, inputs });
  await refuseUnready(live, reference, { inputs, outputs }, request, cluster);
  return { id, inputs, outputs };
}

function referenceOfId(kind: Kind, id: string): Reference {
  const slash = id.indexOf("/");
  return { ...kind, namespace: slash < 0 ? undefined : id.slice(0, slash), name: id.slice(slash + 1) };
}

function belongsToOther(live: KubeObject, request: ReadRequest, cluster: KubernetesCluster): boolean {
  return uidOf(live) !== uidOf(request.olds) && ownerOf(live) !== undefined && !isOwn(live, ownerFor(request, cluster));
}

/** Checks readiness once, without waiting; an object that is not ready is recorded with its reasons. */
async function refuseUnready(
  live: KubeObject,
  reference: Reference,
  { inputs, outputs }: { inputs: Properties; outputs: Properties },
  { id, log, signal }: ReadRequest,
  { objects }: KubernetesCluster,
): Promise<void> {
  if (skipsAwait(live)) return;
  const rule = waitRuleOf(live);
  if (rule === undefined) return;
  const verdict = await judge(live, { objects, reference, rule, signal });
  if (verdict.state === "ready") return;
  const conditions = verdict.messages.filter(({ severity }) => severity === "warning").map(({ text }) => text);
  const reasons = [
    `Resource '${nameOf(live)}' was created but failed to initialize`,
    ...new Set([...verdict.reasons, ...conditions]),
  ];
  log.warning(`Refreshed resource is in an unhealthy state:\n${reasons.map((reason) => `* ${reason}`).join("\n")}`);
  throw new InitializationFailed(id, outputs, reasons, inputs);
}

function withoutServer(
  error: Unreachable,
  request: ReadRequest,
  { settings }: KubernetesCluster,
): ReadResult | undefined {
  const { log, id, olds, oldInputs } = request;
  if (settings.deleteUnreachable) {
    log.info(
      "configured Kubernetes cluster is unreachable and the `deleteUnreachable` option is enabled. " +
        "Deleting the unreachable resource from Pulumi state",
    );
    return undefined;
  }
  log.warning(error.message);
  if (settings.skipUpdateUnreachable) return { id, inputs: oldInputs, outputs: olds };
  throw new Error(`failed to read resource state due to unreachable cluster. ${unreachableHint}`);
}
