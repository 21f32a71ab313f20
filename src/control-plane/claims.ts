import { type Client, calling } from "./client.ts";

/** Names of the claims with these labels ("a=b,c=d"). */
export async function listClaims(client: Client, namespace: string, selector: string): Promise<readonly string[]> {
  const api = client.config.makeApiClient(client.library.CoreV1Api);
  const { items } = await calling(client, () =>
    api.listNamespacedPersistentVolumeClaim({ namespace, labelSelector: selector }),
  );
  return items.map(({ metadata }) => metadata?.name ?? "");
}

/** Deletes them; each is gone once no pod uses it. */
export async function deleteClaims(client: Client, namespace: string, selector: string): Promise<void> {
  const api = client.config.makeApiClient(client.library.CoreV1Api);
  await calling(client, () =>
    api.deleteCollectionNamespacedPersistentVolumeClaim({ namespace, labelSelector: selector }),
  );
}
