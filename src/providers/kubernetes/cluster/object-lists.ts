import { ApiFailure } from "../../../control-plane/failure.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import type { KubeObject } from "../object.ts";
import type { Reference } from "./reference.ts";

/** Objects of a kind in a namespace, by name; part of them where there are too many. */
export type Listing = ReadonlyMap<string, KubeObject>;

/** What LISTs have shown, for a refresh that reads many objects within seconds. */
export interface ObjectLists {
  /** An object as a fresh list has it, once; undefined: ask for the object itself, which may exist all the same. */
  find(reference: Reference, signal: AbortSignal): Promise<KubeObject | undefined>;
  /** Called after each request for one object: lists that have begun before may show an older state. */
  touch(reference: Reference): void;
}

interface Entry {
  askedMs: number;
  startedMs: number;
  /** Undefined until a second object is asked for. */
  listing: Promise<Listing | undefined> | undefined;
  /** Names that are to be asked for since the list began. */
  readonly touched: Set<string>;
}

/** Reads that are further apart are no refresh. */
const maxAgeMs = 10_000;

/**
 * The first object of a kind and namespace is asked for by itself, those that follow within seconds by one list: a namespace
 * may hold much that is not ours. Secrets are never listed, and a list that is refused is not tried again.
 *
 * @param list throws ApiFailure where the server refuses
 * @param now of a clock, in milliseconds
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

/** A list serves several reads: each can be cancelled without it. */
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
