/** Limits of a blueprint; beyond them parsing stops with a diagnostic, in bounded time. */
export const limits = {
  /** Size of the text in UTF-8. */
  bytes: 1024 * 1024,
  /** Nesting depth of maps and lists. */
  depth: 64,
  /** Number of values after the expansion of aliases. */
  values: 1_000_000,
  agents: 10_000,
  /** Bytes of one file of a ConfigMap, such as an agent's settings: it holds 1 MiB, of which names and base64 take a part. */
  settings: 700 * 1024,
} as const;
