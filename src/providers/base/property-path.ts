/** A step of a property path: a key, an index, or `*` for every item. */
export type PathStep = string | number;

const token = /\.?([^.[\]"]+)|\[(\d+)\]|\[\*\]|\["((?:[^"\\]|\\.)*)"\]/gy;

/** Parses a property path in the engine's notation: `spec.containers[0].image`, `labels["a.b"]`, `items[*].name`. */
export function parsePath(path: string): readonly PathStep[] {
  return [...path.matchAll(token)].map(([whole, key, index, quoted]) => {
    if (index !== undefined) return Number(index);
    if (quoted !== undefined) return JSON.parse(`"${quoted}"`) as string;
    return whole === "[*]" ? "*" : (key ?? "");
  });
}

/** Whether a path equals another one or is below it. */
export function isAtOrBelow(path: readonly PathStep[], other: readonly PathStep[]): boolean {
  return other.length <= path.length && other.every((step, index) => step === "*" || step === path[index]);
}
