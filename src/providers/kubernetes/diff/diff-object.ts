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
  /** The live object as it was recorded; empty when nothing was. */
  readonly live: KubeObject;
  readonly oldInputs: KubeObject;
  readonly news: KubeObject;
  /** Property paths, in the engine's notation. */
  readonly ignoreChanges: readonly string[];
  readonly mutable: MutableKinds;
}

/**
 * What an update would change: new inputs against the recorded live object, as far as the old inputs spoke of it. The
 * cluster is not asked; drift is seen by a refresh.
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

/** Two objects of one name cannot exist at a time; an automatic name is made anew for a replacement. */
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

/** While the kind was unknown a namespace was assumed; the object turned out to have none. */
function isAssumedNamespace(path: string, live: KubeObject): boolean {
  return path === "metadata.namespace" && nameOf(live) !== "" && namespaceOf(live) === undefined;
}
