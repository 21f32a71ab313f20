import { Unreachable } from "../../../control-plane/failure.ts";
import { pause } from "../../../platform/wait.ts";
import { isGone, UnknownKind } from "../cluster/failures.ts";
import type { Objects, Reference } from "../cluster/objects.ts";
import { type KubeObject, uidOf } from "../object.ts";

const firstPauseMs = 50;
const longestPauseMs = 1000;
const growth = 1.5;

/**
 * Looks until an object is gone, or another one has its name.
 *
 * @param uid of the object that is being deleted
 * @returns undefined when it is gone, else the object as it was when the time was up or the engine cancelled
 */
export async function waitUntilGone(
  objects: Objects,
  reference: Reference,
  { uid, timeoutMs, signal }: { uid: string | undefined; timeoutMs: number; signal: AbortSignal },
): Promise<KubeObject | undefined> {
  const end = performance.now() + timeoutMs;
  let last: KubeObject = {};
  for (let pauseMs = firstPauseMs; ; pauseMs = Math.min(pauseMs * growth, longestPauseMs)) {
    try {
      last = await objects.get(reference, signal);
      if (uid !== undefined && uidOf(last) !== uid) return undefined;
    } catch (error) {
      if (isGone(error) || error instanceof UnknownKind) return undefined;
      if (!(error instanceof Unreachable) && !signal.aborted) throw error;
    }
    const leftMs = end - performance.now();
    if (leftMs <= 0 || signal.aborted) return last;
    await pause(Math.min(pauseMs, leftMs), signal);
  }
}
