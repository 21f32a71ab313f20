import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { findSecrets } from "../secret-patterns.ts";

/** Replaces text that looks like a secret, or was reported as one, with as many asterisks. */
export function maskSecrets(text: string, diagnostics: readonly Diagnostic[]): string {
  const spans = findSecrets(text);
  for (const { code, position } of diagnostics) {
    if (code === "SW361") spans.push({ start: position.offset, end: position.offset + position.length });
  }
  let masked = text;
  for (const { start, end } of spans) {
    masked = masked.slice(0, start) + masked.slice(start, end).replace(/[^\r\n]/g, "*") + masked.slice(end);
  }
  return masked;
}
