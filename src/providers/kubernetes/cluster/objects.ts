import type { Api, ApiReply } from "../../../control-plane/api.ts";
import { ApiFailure } from "../../../control-plane/failure.ts";
import { listPages } from "../../../control-plane/list.ts";
import { type WatchEvent, watchObjects } from "../../../control-plane/watch.ts";
import { isRecord, recordsAt } from "../../../platform/json.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { type KubeObject, nameOf, namespaceOf } from "../object.ts";
import type { Discovery, KindLocation } from "./discovery.ts";
import { type Listing, openObjectLists } from "./object-lists.ts";
import { type Reference, referenceTo } from "./reference.ts";

export interface Written {
  readonly object: KubeObject;
  readonly warnings: readonly string[];
}

interface WriteOptions {
  readonly manager: string;
  readonly dryRun: boolean;
}

/**
 * Requests for objects of a cluster. Only reads can be cancelled: a write that was sent is awaited, as it could otherwise
 * take effect without being recorded.
 */
export interface Objects {
  get(reference: Reference, signal: AbortSignal): Promise<KubeObject>;
  /** Like `get`, but may answer from a recent list. For refreshes: can miss a change by another client. */
  getListed(reference: Reference, signal: AbortSignal): Promise<KubeObject>;
  /** Changes of one object after a resource version, until the server ends the watch. */
  watch(reference: Reference, resourceVersion: string | undefined, signal: AbortSignal): AsyncIterable<WatchEvent>;
  create(kind: Kind, object: KubeObject, options: WriteOptions): Promise<Written>;
  /** Server-side apply. */
  apply(kind: Kind, object: KubeObject, options: WriteOptions & { force: boolean }): Promise<Written>;
  mergePatch(reference: Reference, patch: KubeObject): Promise<KubeObject>;
  /** @param uid precondition: deletes only the object with this uid */
  delete(reference: Reference, uid: string | undefined, propagation: string): Promise<void>;
  /** Events of the core group about one object. */
  events(reference: Reference, uid: string, signal: AbortSignal): Promise<readonly KubeObject[]>;
  /** Existing events, then new ones. */
  watchEvents(reference: Reference, uid: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
}

/** @param now clock for the age of lists, in milliseconds */
export function openObjects(api: Api, discovery: Discovery, now: () => number): Objects {
  const lists = openObjectLists((kind, namespace) => at(kind, (place) => list(api, place, kind, namespace)), now);

  /** Runs a request at a kind's path. A 404 may mean that the definition was removed, so the next request discovers it again. */
  async function at<Result>(kind: Kind, act: (place: KindLocation) => Promise<Result>): Promise<Result> {
    try {
      return await act(await discovery.find(kind));
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404 && error.reason === undefined) discovery.forget(kind);
      throw error;
    }
  }

  /** Runs a request for one object and invalidates its listed state. */
  async function touching<Result>(
    reference: Reference,
    act: (place: KindLocation) => Promise<Result>,
  ): Promise<Result> {
    try {
      return await at(reference, act);
    } finally {
      lists.touch(reference);
    }
  }

  const get: Objects["get"] = (reference, signal) =>
    touching(reference, async (place) =>
      objectOf(await api.request({ method: "GET", path: pathOf(place, reference), signal })),
    );

  /** A dry run leaves lists valid. */
  const writing = (kind: Kind, object: KubeObject, dryRun: boolean, act: (place: KindLocation) => Promise<Written>) =>
    dryRun ? at(kind, act) : touching(referenceTo(kind, object), act);

  return {
    get,
    getListed: async (reference, signal) => (await lists.find(reference, signal)) ?? (await get(reference, signal)),

    async *watch(reference, resourceVersion, signal) {
      const place = await discovery.find(reference);
      const path = pathOf(place, { namespace: reference.namespace, name: undefined });
      const fieldSelector = `metadata.name=${reference.name}`;
      yield* watchObjects(api, { path, fieldSelector, resourceVersion, signal });
    },

    create: (kind, object, { manager, dryRun }) =>
      writing(kind, object, dryRun, async (place) => {
        const path = pathOf(place, { namespace: namespaceOf(object), name: undefined });
        const query = { fieldManager: manager, fieldValidation: "Warn", dryRun: dryRun ? "All" : undefined };
        return written(await api.request({ method: "POST", path, query, body: fitting(place, object) }));
      }),

    apply: (kind, object, { manager, dryRun, force }) =>
      writing(kind, object, dryRun, async (place) => {
        const path = pathOf(place, { namespace: namespaceOf(object), name: nameOf(object) });
        const query = {
          fieldManager: manager,
          fieldValidation: "Warn",
          force: String(force),
          dryRun: dryRun ? "All" : undefined,
        };
        const contentType = "application/apply-patch+yaml";
        return written(await api.request({ method: "PATCH", path, query, body: fitting(place, object), contentType }));
      }),

    mergePatch: (reference, body) =>
      touching(reference, async (place) => {
        const contentType = "application/merge-patch+json";
        return objectOf(await api.request({ method: "PATCH", path: pathOf(place, reference), body, contentType }));
      }),

    delete: (reference, uid, propagationPolicy) =>
      touching(reference, async (place) => {
        const body = {
          apiVersion: "v1",
          kind: "DeleteOptions",
          propagationPolicy,
          ...(uid !== undefined && { preconditions: { uid } }),
        };
        await api.request({ method: "DELETE", path: pathOf(place, reference), body });
      }),

    async events(reference, uid, signal) {
      const { path, fieldSelector } = eventsOf(reference, uid);
      const { body } = await api.request({ method: "GET", path, query: { fieldSelector }, signal });
      return recordsAt(body, "items");
    },

    watchEvents: (reference, uid, signal) =>
      watchObjects(api, { ...eventsOf(reference, uid), resourceVersion: undefined, signal }),
  };
}

function eventsOf({ namespace = "default" }: Reference, uid: string) {
  return { path: `/api/v1/namespaces/${namespace}/events`, fieldSelector: `involvedObject.uid=${uid}` };
}

/** More than any cluster of this package has; objects beyond are read one by one. */
const maxPages = 20;

/** Lists objects and adds `apiVersion` and `kind`, which items of a list lack. */
async function list(api: Api, place: KindLocation, kind: Kind, namespace: string | undefined): Promise<Listing> {
  const found = new Map<string, KubeObject>();
  let pages = 0;
  try {
    for await (const { items } of listPages(api, { path: pathOf(place, { namespace, name: undefined }) })) {
      for (const item of items) found.set(nameOf(item), { kind: kind.kind, apiVersion: apiVersionOf(kind), ...item });
      if (++pages === maxPages) break;
    }
  } catch (error) {
    // The continue token expired (410): the pages so far are one consistent state.
    if (pages === 0 || !(error instanceof ApiFailure)) throw error;
  }
  return found;
}

function pathOf(
  { base, plural, namespaced }: KindLocation,
  { namespace, name }: { namespace: string | undefined; name: string | undefined },
): string {
  const folder = namespaced ? `${base}/namespaces/${encodeURIComponent(namespace ?? "default")}` : base;
  return `${folder}/${plural}${name === undefined ? "" : `/${encodeURIComponent(name)}`}`;
}

/** Removes the assumed namespace of an object whose kind turned out to be cluster-scoped. */
function fitting({ namespaced }: KindLocation, object: KubeObject): KubeObject {
  if (namespaced || !isRecord(object.metadata)) return object;
  const { namespace: _assumed, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function written(reply: ApiReply): Written {
  return { object: objectOf(reply), warnings: reply.warnings };
}

function objectOf({ body }: ApiReply): KubeObject {
  if (!isRecord(body)) throw new TypeError(`the API server sent no object but ${String(body).slice(0, 80)}`);
  return body;
}
