import { setTimeout as delay } from "node:timers/promises";
import { ApiextensionsV1Api, CustomObjectsApi, type KubernetesObject } from "@kubernetes/client-node";
import type { ControlPlane } from "../../../tools/control-plane/control-plane.ts";

const condition = {
  type: "Ready",
  status: "True",
  reason: "Seen",
  message: "",
  lastTransitionTime: "2026-01-01T00:00:00Z",
};

/**
 * Marks custom resources as ready in place of their controllers (KEDA, Karpenter), which have their own tests. Ends
 * when `stop` is called.
 */
export function sayReady(plane: ControlPlane, kinds: readonly string[]): { stop(): Promise<void> } {
  const ended = new AbortController();
  const work = (async () => {
    while (!ended.signal.aborted) {
      for (const kind of kinds) await markAll(plane, kind).catch(() => undefined);
      await delay(500, undefined, { signal: ended.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      ended.abort();
      await work;
    },
  };
}

/** Without kubectl: starting it repeatedly would use much of a core. */
async function markAll(plane: ControlPlane, name: string): Promise<void> {
  const definition = await plane.client().makeApiClient(ApiextensionsV1Api).readCustomResourceDefinition({ name });
  const { group, names, versions } = definition.spec;
  const version = versions.find(({ storage }) => storage)?.name ?? "";
  const kind = { group, version, plural: names.plural };
  const api = plane.client().makeApiClient(CustomObjectsApi);
  const { items } = (await api.listClusterCustomObject(kind)) as { items: Resource[] };
  for (const resource of items) {
    const { metadata = {}, status } = resource;
    if (status?.conditions?.some(({ type }) => type === "Ready")) continue;
    const own = { ...kind, name: metadata.name ?? "", body: { ...resource, status: { conditions: [condition] } } };
    if (metadata.namespace === undefined) await api.replaceClusterCustomObjectStatus(own);
    else await api.replaceNamespacedCustomObjectStatus({ ...own, namespace: metadata.namespace });
  }
}

interface Resource extends KubernetesObject {
  readonly status?: { readonly conditions?: readonly { readonly type: string }[] };
}
