import { changedPaths } from "../../base/diff.ts";
import { isAtOrBelow, parsePath } from "../../base/property-path.ts";
import type { ChangeKind, DiffResult } from "../../base/resource.ts";
import { hasUnknown } from "../../base/values.ts";
import { isAutonamed } from "../inputs/auto-name.ts";
import { kindOf } from "../kind.ts";
import { type KubeObject, nameOf, namespaceOf } from "../object.ts";
import { normalOf } from "./normal.ts";
import { recordedInputs } from "./recorded.ts";
import { type MutableKinds, replaces } from "./replacements.ts";

export interface ObjectDiff {
  /** The live object as recorded; empty if none was. */
  readonly live: KubeObject;
  readonly oldInputs: KubeObject;
  readonly news: KubeObject;
  /** Property paths, in the engine's notation. */
  readonly ignoreChanges: readonly string[];
  readonly mutable: MutableKinds;
}

/**
 * Changes of an update: new inputs compared with the recorded live object, limited to fields of the old inputs. Makes no
 * request; a refresh detects drift.
 */
export function diffObject({ live, oldInputs, news, ignoreChanges, mutable }: ObjectDiff): DiffResult {
  const kind = kindOf(news) ?? { group: "", kind: "" };
  const normal = normalOf(kind);
  const before = Object.keys(live).length === 0 ? oldInputs : recordedInputs(live, oldInputs, normal);
  const immutable = live.immutable === true || oldInputs.immutable === true;
  const changes: Record<string, ChangeKind> = {};
  for (const [path, change] of Object.entries(changedPaths(before, news, normal.same))) {
    if (isIgnored(path, ignoreChanges) || isAssumedNamespace(path, live)) continue;
    changes[path] = replaces(kind, path, mutable, immutable) ? (`${change}-replace` as ChangeKind) : change;
  }
  const replaced = Object.values(changes).some((change) => change.endsWith("-replace"));
  return { changes, deleteBeforeReplace: replaced && keepsName(oldInputs, news) };
}

/** Whether a replacement keeps the name, so the old object must be deleted first; an automatic name is generated anew. */
function keepsName(oldInputs: KubeObject, news: KubeObject): boolean {
  return (
    nameOf(news) === nameOf(oldInputs) &&
    namespaceOf(news) === namespaceOf(oldInputs) &&
    !isAutonamed(news) &&
    !hasUnknown([nameOf(news), namespaceOf(news)])
  );
}

function isIgnored(path: string, ignored: readonly string[]): boolean {
  return ignored.some((place) => isAtOrBelow(parsePath(path), parsePath(place)));
}

/** Whether the change is only a namespace that was assumed while the kind was unknown; the object is cluster-scoped. */
function isAssumedNamespace(path: string, live: KubeObject): boolean {
  return path === "metadata.namespace" && nameOf(live) !== "" && namespaceOf(live) === undefined;
}
