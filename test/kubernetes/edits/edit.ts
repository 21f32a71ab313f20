import type { Sample } from "../../components/shipped.ts";

/** A change of one blueprint, and its expected effect. */
export interface Edit {
  readonly blueprint: Sample["name"];
  /** New values by path, such as `agents.Boss.drain`: entries of lists by name or number. Undefined removes. */
  readonly edit: Readonly<Record<string, unknown>>;
}

export interface Applied extends Edit {
  /**
   * Expected operations of the engine besides the desired state, as `update Deployment boss`; empty if there are
   * none. Another notation of the same value is not even recorded.
   */
  readonly does: readonly string[] | "the same blueprint";
}

/** An edit that is refused. */
export interface Refused extends Edit {
  readonly says: RegExp;
}

type Tree = Record<string, unknown>;

/** The document with the edit applied. */
export function edited(document: unknown, { edit }: Edit): unknown {
  const copy = structuredClone(document);
  for (const [place, value] of Object.entries(edit)) put(copy, place.split("."), value);
  return copy;
}

/** The value at a path; undefined if absent. */
export function valueAt(document: unknown, place: string): unknown {
  return place.split(".").reduce((node, key) => child(node, key), document);
}

function put(document: unknown, keys: readonly string[], value: unknown): void {
  const [key = "", ...rest] = keys;
  if (rest.length > 0) {
    if (child(document, key) === undefined) (document as Tree)[key] = {};
    put(child(document, key), rest, value);
    return;
  }
  if (value === undefined) delete (document as Tree)[key];
  else if (Array.isArray(document)) document[document.indexOf(child(document, key))] = value;
  else (document as Tree)[key] = value;
}

function child(node: unknown, key: string): unknown {
  if (Array.isArray(node)) return node.find((entry) => entry?.name === key) ?? node[Number(key)];
  return typeof node === "object" && node !== null ? (node as Tree)[key] : undefined;
}
