import { recordAt, textAt } from "../../platform/json.ts";
import type { Properties } from "../base/values.ts";

/** A Kubernetes object as plain JSON, exactly as the API server sent it. */
export type KubeObject = Properties;

export const nameOf = (object: KubeObject) => textAt(object, "metadata", "name") ?? "";
export const namespaceOf = (object: KubeObject) => textAt(object, "metadata", "namespace");
export const uidOf = (object: KubeObject) => textAt(object, "metadata", "uid");

export function annotationOf(object: KubeObject, key: string): string | undefined {
  return textAt(object, "metadata", "annotations", key);
}

/** Adds an annotation to an object. */
export function annotated(object: KubeObject, key: string, value: string): KubeObject {
  const metadata = recordAt(object, "metadata");
  return { ...object, metadata: { ...metadata, annotations: { ...recordAt(metadata, "annotations"), [key]: value } } };
}

/** `namespace/name`, as in messages and ids; only the name for cluster-scoped objects. */
export function idOf(object: KubeObject): string {
  const namespace = namespaceOf(object);
  return namespace === undefined ? nameOf(object) : `${namespace}/${nameOf(object)}`;
}
