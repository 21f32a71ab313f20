import { recordsAt, textAt } from "../../platform/json.ts";
import { annotated, annotationOf, type KubeObject } from "./object.ts";

/**
 * Owner of an object: the resource's URN and the id of its provider resource, which is random and unique to one stack.
 * Two users with the same project, stack and resource names are two owners.
 */
export interface ObjectOwner {
  readonly urn: string;
  /** Unknown in a preview of a stack that does not exist yet. */
  readonly provider: string | undefined;
}

/**
 * The ownership annotation. The plugin writes it with each create and update and hides it from the program: it is only
 * in the live object, so that no diff contains it and the state keeps the official provider's format.
 * The object's field manager applies it, so an apply by another stack conflicts.
 */
export const ownerAnnotation = "swarmstack.dev/owner";

export function owned(object: KubeObject, { urn, provider }: ObjectOwner): KubeObject {
  return annotated(object, ownerAnnotation, provider === undefined ? urn : `${urn} ${provider}`);
}

export function ownerOf(object: KubeObject): ObjectOwner | undefined {
  const text = annotationOf(object, ownerAnnotation);
  if (text === undefined) return undefined;
  const [urn = "", provider] = text.split(" ");
  return { urn, provider };
}

/** Whether an object is left by an earlier run of the same resource, such as one killed before the engine recorded it. */
export function isOwn(object: KubeObject, owner: ObjectOwner): boolean {
  const found = ownerOf(object);
  return found !== undefined && found.urn === owner.urn && found.provider === owner.provider;
}

/** Describes the owner of an object for a message: a stack, or the manager that wrote the object first. */
export function describeOwner(object: KubeObject): string {
  const owner = ownerOf(object);
  if (owner !== undefined) {
    const [stack = "", project = "", type = "", name = ""] = owner.urn.slice("urn:pulumi:".length).split("::");
    return `it belongs to stack ${stack} of project ${project} (resource ${name}, ${type.slice(type.lastIndexOf("$") + 1)})`;
  }
  const [first] = recordsAt(object, "metadata", "managedFields").toSorted((a, b) =>
    (textAt(a, "time") ?? "").localeCompare(textAt(b, "time") ?? ""),
  );
  const writer = first === undefined ? undefined : textAt(first, "manager");
  const created = textAt(object, "metadata", "creationTimestamp") ?? "an unknown time";
  return `it belongs to no stack and was created${writer === undefined ? "" : ` by "${writer}"`} at ${created}`;
}
