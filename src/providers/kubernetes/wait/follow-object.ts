import { ApiFailure, Unreachable } from "../../../control-plane/failure.ts";
import { follow } from "../../../control-plane/follow.ts";
import { textAt } from "../../../platform/json.ts";
import type { Objects } from "../cluster/objects.ts";
import type { Reference } from "../cluster/reference.ts";
import { type KubeObject, nameOf } from "../object.ts";

/**
 * Yields the states of an object after a known one. Continues through temporary failures of the server.
 *
 * @throws ApiFailure 404 when it is gone
 */
export function followObject(
  objects: Objects,
  reference: Reference,
  known: KubeObject,
  signal: AbortSignal,
): AsyncGenerator<KubeObject, void, undefined> {
  let last = known;
  const followed = {
    watch: () => objects.watch(reference, textAt(last, "metadata", "resourceVersion"), signal),
    take({ type, object }: { type: string; object: KubeObject }) {
      if (type === "DELETED") return undefined;
      last = object;
      return last;
    },
    async ask() {
      last = await look(objects, reference, last, signal);
      return last;
    },
  };
  return follow<KubeObject>(followed, signal);
}

/** Reads the object; returns the previous state when the server does not answer. */
async function look(
  objects: Objects,
  reference: Reference,
  last: KubeObject,
  signal: AbortSignal,
): Promise<KubeObject> {
  try {
    return await objects.get(reference, signal);
  } catch (error) {
    const passing = error instanceof Unreachable || (error instanceof ApiFailure && error.status >= 500);
    if (passing || signal.aborted) return last;
    throw error;
  }
}

/** Yields all events about an object, oldest first, after each new one. */
export function followEvents(
  objects: Objects,
  reference: Reference,
  uid: string,
  signal: AbortSignal,
): AsyncGenerator<readonly KubeObject[], void, undefined> {
  const seen = new Map<string, KubeObject>();
  const add = (...events: readonly KubeObject[]) => {
    for (const event of events) seen.set(nameOf(event), event);
    return oldestFirst([...seen.values()]);
  };
  const followed = {
    watch: () => objects.watchEvents(reference, uid, signal),
    take: ({ object }: { object: KubeObject }) => add(object),
    ask: async () => add(...(await objects.events(reference, uid, signal).catch(() => []))),
  };
  return follow<readonly KubeObject[]>(followed, signal);
}

export function oldestFirst(events: readonly KubeObject[]): readonly KubeObject[] {
  const time = (event: KubeObject) => textAt(event, "lastTimestamp") ?? textAt(event, "eventTime") ?? "";
  return events.toSorted((a, b) => time(a).localeCompare(time(b)));
}
