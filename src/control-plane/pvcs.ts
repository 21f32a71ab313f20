import { textAt } from "../platform/json.ts";
import type { Client } from "./client.ts";
import { listAll } from "./list.ts";
import { namespacePath } from "./paths.ts";
import { quantityOf } from "./quantity.ts";
import { untilNone } from "./until-none.ts";
import { fieldManager } from "./workload.ts";

const pathOf = (namespace: string, name?: string) => namespacePath(namespace, "persistentvolumeclaims", name);
const nameOf = (pvc: unknown) => textAt(pvc, "metadata", "name") ?? "";

/**
 * Waits until no claim with these labels ("a=b,c=d") is left.
 *
 * @param tell called with the remaining names
 * @returns the remaining names when the signal is aborted
 */
export function untilNoPvcs(
  client: Client,
  namespace: string,
  selector: string,
  tell: (names: readonly string[]) => void,
  signal: AbortSignal,
): Promise<readonly string[]> {
  const remaining = { path: pathOf(namespace), labelSelector: selector, counts: () => true, tell };
  return untilNone(client, remaining, signal);
}

/**
 * Requests larger volumes for claims with smaller ones. Pods keep running meanwhile.
 *
 * @param dryRun only checks whether the API server would accept it
 * @throws ApiFailure if the storage class does not allow expansion
 */
export async function growPvcs(
  { api }: Client,
  namespace: string,
  selector: string,
  sizeBytes: number,
  dryRun: boolean,
): Promise<void> {
  const { items } = await listAll(api, { path: pathOf(namespace), labelSelector: selector });
  for (const pvc of items) {
    if ((quantityOf(textAt(pvc, "spec", "resources", "requests", "storage")) ?? 0) >= sizeBytes) continue;
    await api.request({
      method: "PATCH",
      path: pathOf(namespace, nameOf(pvc)),
      query: { fieldManager, dryRun: dryRun ? "All" : undefined },
      body: { spec: { resources: { requests: { storage: String(sizeBytes) } } } },
      contentType: "application/merge-patch+json",
    });
  }
}

/** Deletes claims; each disappears when no pod uses it. */
export async function deletePvcs({ api }: Client, namespace: string, selector: string): Promise<void> {
  await api.request({ method: "DELETE", path: pathOf(namespace), query: { labelSelector: selector } });
}
