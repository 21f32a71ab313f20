import { ApiFailure } from "../../../control-plane/failure.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type { Reference } from "./reference.ts";

/** Objects of a kind in a namespace, by name; incomplete when there are too many. */
export type Listing = ReadonlyMap<string, KubeObject>;

/** Cached LIST responses, for a refresh that reads many objects within seconds. */
export interface ObjectLists {
  /** Takes an object out of a recent list. Undefined: GET the object itself, as it may exist all the same. */
  find(reference: Reference, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** Called after each request for one object: lists that began earlier may hold an older state of it. */
  touch(reference: Reference): void;
}

interface Entry {
  askedMs: number;
  startedMs: number;
  /** Undefined until a second object is requested. */
  listing: Promise<Listing | undefined> | undefined;
  /** Names requested since the list began; not served from it. */
  readonly touched: Set<string>;
}

/** Reads further apart than this are not part of one refresh. */
const maxAgeMs = 10_000;

/**
 * The first object of a kind and namespace is read with a GET, those that follow within seconds with one LIST, as a namespace
 * may hold many unrelated objects. Never lists Secrets; does not retry a refused list.
 *
 * @param list throws ApiFailure when the server refuses
 * @param now clock, in milliseconds
 */
export function openObjectLists(
  list: (kind: Kind, namespace: string | undefined) => Promise<Listing>,
  now: () => number,
): ObjectLists {
  const entries = new Map<string, Entry>();
  const refused = new Set<string>();

  async function listed(key: string, { namespace, ...kind }: Reference): Promise<Listing | undefined> {
    try {
      return await list(kind, namespace);
    } catch (error) {
      if (!(error instanceof ApiFailure)) {
        entries.delete(key);
        throw error;
      }
      if (error.status === 403 || error.status === 405) refused.add(key);
      return undefined;
    }
  }

  return {
    async find(reference, signal) {
      const key = keyOf(reference);
      if (isSecret(reference) || refused.has(key)) return undefined;
      const at = now();
      const known = entries.get(key);
      if (known === undefined || at - known.askedMs > maxAgeMs) {
        entries.set(key, { askedMs: at, startedMs: at, listing: undefined, touched: new Set() });
        return undefined;
      }
      known.askedMs = at;
      if (known.listing === undefined || at - known.startedMs > maxAgeMs) {
        known.startedMs = at;
        known.touched.clear();
        known.listing = listed(key, reference);
      }
      const listing = await orAborted(known.listing, signal);
      if (known.touched.has(reference.name)) return undefined;
      known.touched.add(reference.name);
      return listing?.get(reference.name);
    },

    touch(reference) {
      entries.get(keyOf(reference))?.touched.add(reference.name);
    },
  };
}

/** Cancels one read without the list, which other reads share. */
function orAborted<Result>(promise: Promise<Result>, signal: AbortSignal): Promise<Result> {
  return new Promise((resolve, reject) => {
    const abort = () => reject(signal.reason);
    signal.addEventListener("abort", abort, { once: true });
    if (signal.aborted) abort();
    promise.then(resolve, reject).finally(() => signal.removeEventListener("abort", abort));
  });
}

const keyOf = (reference: Reference) => JSON.stringify([apiVersionOf(reference), reference.kind, reference.namespace]);

const isSecret = ({ group, kind }: Kind) => group === "" && kind === "Secret";
