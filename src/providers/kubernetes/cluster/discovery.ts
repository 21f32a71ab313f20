import type { Api } from "../../../control-plane/api.ts";
import { ApiFailure } from "../../../control-plane/failure.ts";
import { isRecord, recordsAt, textAt } from "../../../platform/json.ts";
import { apiVersionOf, type Kind } from "../kind.ts";
import { UnknownKind } from "./failures.ts";

/** URL path and scope of a kind on the API server. */
export interface KindLocation {
  /** `/api/v1`, `/apis/apps/v1`. */
  readonly base: string;
  readonly plural: string;
  readonly namespaced: boolean;
}

export interface Discovery {
  /** @throws UnknownKind when the API server does not serve the kind */
  find(kind: Kind): Promise<KindLocation>;
  /** Clears the cache of a kind's group, after a definition may have been added or removed. */
  forget(kind: Kind): void;
}

/** Discovers the kinds of an API server, once for each group; a missing kind is looked up again each time. */
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
      // A name with a slash, such as `deployments/scale`, is a subresource.
      if (!isRecord(entry) || plural === undefined || kind === undefined || plural.includes("/")) return [];
      return [[kind, { base, plural, namespaced: entry.namespaced === true }] as const];
    }),
  );
}
