import { type Client, calling } from "./client.ts";
import { fieldManager } from "./workload.ts";

/** Names of the claims with these labels ("a=b,c=d"). */
export async function listPvcs(client: Client, namespace: string, selector: string): Promise<readonly string[]> {
  const api = client.config.makeApiClient(client.library.CoreV1Api);
  const { items } = await calling(client, () =>
    api.listNamespacedPersistentVolumeClaim({ namespace, labelSelector: selector }),
  );
  return items.map(({ metadata }) => metadata?.name ?? "");
}

/**
 * Asks for larger volumes, where a claim has a smaller one. Pods keep running meanwhile.
 *
 * @param dryRun the API server is only asked whether it would take it
 * @throws ApiFailure where the class of the volumes does not let them grow
 */
export async function growPvcs(
  client: Client,
  namespace: string,
  selector: string,
  sizeBytes: number,
  dryRun: boolean,
): Promise<void> {
  const { quantityToScalar } = await import("@kubernetes/client-node/dist/util.js");
  const { CoreV1Api, PatchStrategy } = client.library;
  const api = client.config.makeApiClient(CoreV1Api);
  const { items } = await calling(client, () =>
    api.listNamespacedPersistentVolumeClaim({ namespace, labelSelector: selector }),
  );
  for (const { metadata, spec } of items) {
    if (quantityToScalar(spec?.resources?.requests?.storage ?? "0") >= sizeBytes) continue;
    const pvc = { apiVersion: "v1", kind: "PersistentVolumeClaim", metadata: { namespace, name: metadata?.name } };
    const body: object = { ...pvc, spec: { resources: { requests: { storage: String(sizeBytes) } } } };
    const dry = dryRun ? "All" : undefined;
    await calling(client, () =>
      client.objects.patch(body, undefined, dry, fieldManager, undefined, PatchStrategy.MergePatch),
    );
  }
}

/** Deletes them; each is gone once no pod uses it. */
export async function deletePvcs(client: Client, namespace: string, selector: string): Promise<void> {
  const api = client.config.makeApiClient(client.library.CoreV1Api);
  await calling(client, () =>
    api.deleteCollectionNamespacedPersistentVolumeClaim({ namespace, labelSelector: selector }),
  );
}
