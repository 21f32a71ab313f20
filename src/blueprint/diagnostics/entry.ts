/** One kind of problem: its entry in the reference, and its message. */
export interface CodeEntry<V> {
  readonly title: string;
  /** Cause and remedy, for the reference page. */
  readonly explanation: string;
  /** YAML with the problem. */
  readonly example: string;
  readonly say: (values: V) => string;
}

/** Types an entry by its values. */
export function define<V>(entry: CodeEntry<V>): CodeEntry<V> {
  return entry;
}

/** `a, b or c`. */
export function either(words: readonly string[]): string {
  if (words.length < 2) return words.join("");
  return `${words.slice(0, -1).join(", ")} or ${words.at(-1)}`;
}
