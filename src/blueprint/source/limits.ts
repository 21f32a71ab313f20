/** What a blueprint may be at most; beyond it the answer is a diagnostic, in bounded time. */
export const limits = {
  /** Of text, in UTF-8. */
  bytes: 1024 * 1024,
  /** Maps and lists inside each other. */
  depth: 64,
  /** Values after each alias is replaced by what it stands for. */
  values: 1_000_000,
  agents: 10_000,
} as const;
