import type { Api, ApiReply } from "../../../control-plane/api.ts";
import { ApiFailure } from "../../../control-plane/failure.ts";
import { isRecord } from "../../../platform/json.ts";
import type { Kind } from "../kind.ts";
import { type KubeObject, nameOf, namespaceOf } from "../object.ts";
import type { Discovery, KindLocation } from "./discovery.ts";

/** Which object. */
export interface Reference extends Kind {
  readonly namespace: string | undefined;
  readonly name: string;
}

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
  create(kind: Kind, object: KubeObject, options: WriteOptions): Promise<Written>;
  /** Server-side apply. */
  apply(kind: Kind, object: KubeObject, options: WriteOptions & { force: boolean }): Promise<Written>;
  mergePatch(reference: Reference, patch: KubeObject): Promise<KubeObject>;
  /** @param uid only the very object that has it */
  delete(reference: Reference, uid: string | undefined, propagation: string): Promise<void>;
  /** Events of the core group about one object. */
  events(reference: Reference, uid: string, signal: AbortSignal): Promise<readonly KubeObject[]>;
}

export function openObjects(api: Api, discovery: Discovery): Objects {
  /** A path that is gone may mean that its definition is: the next look asks the server again. */
  async function at<Result>(kind: Kind, act: (place: KindLocation) => Promise<Result>): Promise<Result> {
    try {
      return await act(await discovery.find(kind));
    } catch (error) {
      if (error instanceof ApiFailure && error.status === 404 && error.reason === undefined) discovery.forget(kind);
      throw error;
    }
  }

  return {
    get: (reference, signal) =>
      at(reference, async (place) =>
        objectOf(await api.request({ method: "GET", path: pathOf(place, reference), signal })),
      ),

    create: (kind, object, { manager, dryRun }) =>
      at(kind, async (place) => {
        const path = pathOf(place, { namespace: namespaceOf(object), name: undefined });
        const query = { fieldManager: manager, fieldValidation: "Warn", dryRun: dryRun ? "All" : undefined };
        return written(await api.request({ method: "POST", path, query, body: fitting(place, object) }));
      }),

    apply: (kind, object, { manager, dryRun, force }) =>
      at(kind, async (place) => {
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
      at(reference, async (place) => {
        const contentType = "application/merge-patch+json";
        return objectOf(await api.request({ method: "PATCH", path: pathOf(place, reference), body, contentType }));
      }),

    delete: (reference, uid, propagationPolicy) =>
      at(reference, async (place) => {
        const body = {
          apiVersion: "v1",
          kind: "DeleteOptions",
          propagationPolicy,
          ...(uid !== undefined && { preconditions: { uid } }),
        };
        await api.request({ method: "DELETE", path: pathOf(place, reference), body });
      }),

    async events({ namespace = "default" }, uid, signal) {
      const query = { fieldSelector: `involvedObject.uid=${uid}` };
      const { body } = await api.request({
        method: "GET",
        path: `/api/v1/namespaces/${namespace}/events`,
        query,
        signal,
      });
      return isRecord(body) && Array.isArray(body.items) ? body.items.filter(isRecord) : [];
    },
  };
}

export function referenceTo(kind: Kind, object: KubeObject): Reference {
  return { ...kind, namespace: namespaceOf(object), name: nameOf(object) };
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
