import type { CallContext } from "../../base/resource.ts";
import { InitializationFailed } from "../../base/resource.ts";
import type { Properties } from "../../base/values.ts";
import type { KubernetesCluster } from "../cluster/cluster.ts";
import { referenceTo } from "../cluster/reference.ts";
import { type Kind, kindOf, kindOfType } from "../kind.ts";
import { annotationOf, idOf, type KubeObject } from "../object.ts";
import type { ObjectOwner } from "../owner.ts";
import { type Bookkeeping, outputsOf } from "../state.ts";
import { skipsAwait, waitRuleOf } from "../wait/readiness.ts";
import { timeoutOf } from "../wait/timeout.ts";
import { waitUntilReady } from "../wait/wait-until-ready.ts";

/** The kind that an object names, else that of the resource's type. */
export const kindIn = (object: KubeObject, { type }: Pick<CallContext, "type">): Kind =>
  kindOf(object) ?? kindOfType(type);

export const ownerFor = ({ urn }: CallContext, { provider }: KubernetesCluster): ObjectOwner => ({ urn, provider });

export function forces(inputs: KubeObject, { settings }: KubernetesCluster): boolean {
  return settings.patchForce || annotationOf(inputs, "pulumi.com/patchForce")?.toLowerCase() === "true";
}

/** Logs the API server's warnings about deprecations and unknown fields. */
export function passOn(warnings: readonly string[], { log }: CallContext, { settings }: KubernetesCluster): void {
  for (const text of warnings) {
    if (!settings.suppressDeprecationWarnings || !text.includes("deprecated")) log.warning(text);
  }
}

/**
 * Waits until a written object is ready, as its kind and annotations require.
 *
 * @param headline formats the first reason
 * @throws InitializationFailed with the object as last seen
 */
export async function becomeLive(
  live: KubeObject,
  record: Bookkeeping,
  cluster: KubernetesCluster,
  context: CallContext & { updating: boolean },
  headline: (why: string) => string,
): Promise<Properties> {
  const { log, signal, timeoutMs, updating } = context;
  const rule = waitRuleFor(record.inputs, headline, live, record);
  if (rule === undefined) return outputsOf(live, record);
  if (skipsAwait(record.inputs)) {
    log.progress("Skipping await logic");
    return outputsOf(live, record);
  }
  const { object, reasons } = await waitUntilReady(live, {
    objects: cluster.objects,
    reference: referenceTo(kindIn(live, context), live),
    rule,
    timeoutMs: timeoutOf(record.inputs, timeoutMs),
    updating,
    signal,
    log,
  });
  const [why, ...others] = reasons;
  if (why === undefined) return outputsOf(object, record);
  throw new InitializationFailed(idOf(object), outputsOf(object, record), [headline(why), ...others]);
}

/** The object is written by now, so an invalid annotation means that it exists but is not ready. */
function waitRuleFor(inputs: KubeObject, headline: (why: string) => string, live: KubeObject, record: Bookkeeping) {
  try {
    return waitRuleOf(inputs);
  } catch (error) {
    throw new InitializationFailed(idOf(live), outputsOf(live, record), [
      headline(error instanceof Error ? error.message : String(error)),
    ]);
  }
}
