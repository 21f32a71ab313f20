/** Limits of a blueprint; beyond them parsing stops with a diagnostic, in bounded time. */
export const limits = {
  /** Size of the text in UTF-8. */
  bytes: 1024 * 1024,
  /** Nesting depth of maps and lists. */
  depth: 64,
  /** Number of values after the expansion of aliases. */
  values: 1_000_000,
  agents: 10_000,
} as const;
