import { isRecord, type Properties, type SecretPath, valueAt } from "../base/values.ts";

/** A Kubernetes object as plain JSON, exactly as the API server sent it. */
export type KubeObject = Properties;

export function textAt(value: unknown, ...path: SecretPath): string | undefined {
  const found = valueAt(value, path);
  return typeof found === "string" ? found : undefined;
}

export const valueIn = (value: unknown, ...path: SecretPath): unknown => valueAt(value, path);

export function numberAt(value: unknown, ...path: SecretPath): number | undefined {
  const found = valueAt(value, path);
  return typeof found === "number" ? found : undefined;
}

export function recordAt(value: unknown, ...path: SecretPath): Record<string, unknown> {
  const found = valueAt(value, path);
  return isRecord(found) ? found : {};
}

/** The objects of a list; what is no object is passed over. */
export function recordsAt(value: unknown, ...path: SecretPath): readonly Record<string, unknown>[] {
  const found = valueAt(value, path);
  return Array.isArray(found) ? found.filter(isRecord) : [];
}

export const nameOf = (object: KubeObject) => textAt(object, "metadata", "name") ?? "";
export const namespaceOf = (object: KubeObject) => textAt(object, "metadata", "namespace");
export const uidOf = (object: KubeObject) => textAt(object, "metadata", "uid");

export function annotationOf(object: KubeObject, key: string): string | undefined {
  return textAt(object, "metadata", "annotations", key);
}

/** The same object with one more annotation. */
export function annotated(object: KubeObject, key: string, value: string): KubeObject {
  const metadata = recordAt(object, "metadata");
  return { ...object, metadata: { ...metadata, annotations: { ...recordAt(metadata, "annotations"), [key]: value } } };
}

/** Name with its namespace, as messages and ids write it; cluster-scoped objects have the name alone. */
export function idOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === undefined ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}
