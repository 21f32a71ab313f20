import { Unreachable } from "../../../control-plane/failure.ts";
import { deadlineSignal, follow } from "../../../control-plane/follow.ts";
import { textAt } from "../../../platform/json.ts";
import { isGone, UnknownKind } from "../cluster/failures.ts";
import type { Objects } from "../cluster/objects.ts";
import type { Reference } from "../cluster/reference.ts";
import { type KubeObject, uidOf } from "../object.ts";

const gone = "gone";

/**
 * Waits until an object is gone, or another one has its name.
 *
 * @param uid of the object that is being deleted
 * @returns undefined when it is gone, else the object as of the time-out or cancellation
 */
export async function waitUntilGone(
  objects: Objects,
  reference: Reference,
  { uid, timeoutMs, signal }: { uid: string | undefined; timeoutMs: number; signal: AbortSignal },
): Promise<KubeObject | undefined> {
  const deadline = deadlineSignal(timeoutMs, signal);
  let last: KubeObject = {};

  function kept(object: KubeObject): KubeObject | typeof gone {
    if (uid !== undefined && uidOf(object) !== uid) return gone;
    last = object;
    return last;
  }

  async function ask(): Promise<KubeObject | typeof gone> {
    try {
      return kept(await objects.get(reference, signal));
    } catch (error) {
      if (isGone(error) || error instanceof UnknownKind) return gone;
      if (!(error instanceof Unreachable) && !signal.aborted) throw error;
      return last;
    }
  }

  if ((await ask()) === gone) return undefined;
  const followed = {
    watch: () => objects.watch(reference, textAt(last, "metadata", "resourceVersion"), deadline),
    take: ({ type, object }: { type: string; object: KubeObject }) => (type === "DELETED" ? gone : kept(object)),
    ask,
  };
  for await (const state of follow<KubeObject | typeof gone>(followed, deadline)) {
    if (state === gone) return undefined;
  }
  return last;
}
