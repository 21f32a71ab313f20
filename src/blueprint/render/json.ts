import type { Finding } from "./text.ts";

/** Renders all data as JSON, without the texts of the files. */
export function renderJson(findings: readonly Finding[]): string {
  const files = findings.map(({ file, diagnostics }) => ({ file, diagnostics }));
  const all = findings.flatMap(({ diagnostics }) => diagnostics);
  const errors = all.filter(({ severity }) => severity === "error").length;
  return JSON.stringify({ files, errors, warnings: all.length - errors }, undefined, 2);
}
