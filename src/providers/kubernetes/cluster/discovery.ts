import type { Api } from "../../../control-plane/api.ts";
import { ApiFailure } from "../../../control-plane/failure.ts";
import { isRecord, recordsAt, textAt } from "../../../platform/json.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { UnknownKind } from "./failures.ts";

/** Where the API server keeps the objects of a kind. */
export interface KindLocation {
  /** `/api/v1`, `/apis/apps/v1`. */
  readonly base: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Discovery {
  /** @throws UnknownKind when the API server has no such kind */
  find(kind: Kind): Promise<KindLocation>;
  /** Drops what was learnt of a kind's group: a definition may have come or gone. */
  forget(kind: Kind): void;
}

/** Asks an API server for its kinds, each group once; a kind that is missing is asked for again every time. */
export function openDiscovery(api: Api): Discovery {
  const known = new Map<string, Promise<ReadonlyMap<string, KindLocation>>>();

  function listOf(apiVersion: string): Promise<ReadonlyMap<string, KindLocation>> {
    const cached = known.get(apiVersion);
    if (cached !== undefined) return cached;
    const asked = ask(api, apiVersion);
    known.set(apiVersion, asked);
    asked.catch(() => known.delete(apiVersion));
    return asked;
  }

  return {
    async find(kind) {
      const apiVersion = apiVersionOf(kind);
      const cached = known.has(apiVersion);
      const found = (await listOf(apiVersion)).get(kind.kind);
      if (found !== undefined) return found;
      known.delete(apiVersion);
      const fresh = cached ? (await listOf(apiVersion)).get(kind.kind) : undefined;
      if (fresh === undefined) throw new UnknownKind(`no matches for kind "${kind.kind}" in version "${apiVersion}"`);
      return fresh;
    },
    forget: (kind) => known.delete(apiVersionOf(kind)),
  };
}

async function ask(api: Api, apiVersion: string): Promise<ReadonlyMap<string, KindLocation>> {
  const base = apiVersion.includes("/") ? `/apis/${apiVersion}` : `/api/${apiVersion}`;
  const { body } = await api.request({ method: "GET", path: base }).catch((error: unknown) => {
    if (error instanceof ApiFailure && error.status === 404) return { body: {} };
    throw error;
  });
  return new Map(
    recordsAt(body, "resources").flatMap((entry) => {
      const [plural, kind] = [textAt(entry, "name"), textAt(entry, "kind")];
      // `deployments/scale` is a part of an object, no kind of its own.
      if (!isRecord(entry) || plural === undefined || kind === undefined || plural.includes("/")) return [];
      return [[kind, { base, plural, namespaced: entry.namespaced === true }] as const];
    }),
  );
}
