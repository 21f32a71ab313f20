/** One kind of problem: what the reference says of it, and how its values become a sentence. */
export interface CodeEntry<V> {
  readonly title: string;
  /** Why it is refused, and what to do; for the reference page. */
  readonly explanation: string;
  /** YAML that has the problem. */
  readonly example: string;
  readonly say: (values: V) => string;
}

/** Gives an entry its type of values. */
export function define<V>(entry: CodeEntry<V>): CodeEntry<V> {
  return entry;
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
