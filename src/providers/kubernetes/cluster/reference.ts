import type { Kind } from "../kind.ts";
import { type KubeObject, nameOf, namespaceOf } from "../object.ts";

/** Identifies an object. */
export interface Reference extends Kind {
  readonly namespace: string | undefined;
  readonly name: string;
}

export function referenceTo(kind: Kind, object: KubeObject): Reference {
  return { ...kind, namespace: namespaceOf(object), name: nameOf(object) };
}
