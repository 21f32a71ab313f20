/** The path of a collection of the core group in a namespace, or of one of its objects. */
export function namespacePath(namespace: string, plural: string, name?: string): string {
  return inNamespace("/api/v1", namespace, plural, name);
}

/** Like `namespacePath`, for Deployments and StatefulSets. */
export function appsPath(namespace: string, plural: string, name?: string): string {
  return inNamespace("/apis/apps/v1", namespace, plural, name);
}

function inNamespace(base: string, namespace: string, plural: string, name: string | undefined): string {
  const collection = `${base}/namespaces/${encodeURIComponent(namespace)}/${plural}`;
  return name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`;
}
