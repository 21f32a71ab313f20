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
 * The objects of a cluster: the requests that the plugin makes. Only looks can be cancelled: what was sent to be written
 * is waited for, as it would be done and not recorded.
 */
export interface Objects {
  get(reference: Reference, signal: AbortSignal): Promise<KubeObject>;
  /** As `get`, from a list of its kind that is at most half a minute old. For refreshes: it can miss a change of others. */
  getListed(reference: Reference, signal: AbortSignal): Promise<KubeObject>;
  /** Changes of one object after a resource version, until the server ends the watch. */
  watch(reference: Reference, resourceVersion: string | undefined, signal: AbortSignal): AsyncIterable<WatchEvent>;
  create(kind: Kind, object: KubeObject, options: WriteOptions): Promise<Written>;
  /** Server-side apply. */
  apply(kind: Kind, object: KubeObject, options: WriteOptions & { force: boolean }): Promise<Written>;
  mergePatch(reference: Reference, patch: KubeObject): Promise<KubeObject>;
  /** @param uid only the very object that has it */
  delete(reference: Reference, uid: string | undefined, propagation: string): Promise<void>;
  /** Events of the core group about one object. */
  events(reference: Reference, uid: string, signal: AbortSignal): Promise<readonly KubeObject[]>;
  /** The same events, and new ones. */
  watchEvents(reference: Reference, uid: string, signal: AbortSignal): AsyncIterable<WatchEvent>;
}

/** @param now of a clock, in milliseconds: lists have an age */
export function openObjects(api: Api, discovery: Discovery, now: () => number): Objects {
  const lists = openObjectLists((kind, namespace) => at(kind, (place) => list(api, place, kind, namespace)), now);

  /** A path that is gone may mean that its definition is: the next look asks the server again. */
  async function at<Result>(kind: Kind, act: (place: KindLocation) => Promise<Result>): Promise<Result> {
    try {
      return await act(await discovery.find(kind));
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404 && error.reason === undefined) discovery.forget(kind);
      throw error;
    }
  }

  /** A request for one object, which lists know less than. */
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

  /** A dry run changes nothing. */
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

/** More than any cluster of ours has; what is not in them is asked for. */
const maxPages = 20;

/** Items of a list have no kind of their own. */
async function list(api: Api, place: KindLocation, kind: Kind, namespace: string | undefined): Promise<Listing> {
  const found = new Map<string, KubeObject>();
  let pages = 0;
  try {
    for await (const { items } of listPages(api, { path: pathOf(place, { namespace, name: undefined }) })) {
      for (const item of items) found.set(nameOf(item), { kind: kind.kind, apiVersion: apiVersionOf(kind), ...item });
      if (++pages === maxPages) break;
    }
  } catch (error) {
    // A list that took too long ends in the middle (410): the pages that came are one state.
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

/** An unknown kind is assumed to be namespaced; a cluster-scoped object is sent without a namespace. */
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
