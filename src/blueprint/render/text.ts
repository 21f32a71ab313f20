import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { findSecrets } from "../secret-patterns.ts";
import { Lines } from "../source/lines.ts";

/** A file and its diagnostics. */
export interface Finding {
  readonly file: string;
  readonly text: string;
  readonly diagnostics: readonly Diagnostic[];
}

/** Maximum shown length of a source line. */
const width = 110;

/**
 * Renders each problem with its position, source line, caret, suggestion and fix. Without colours. Control characters
 * of the file are not printed, and secrets are masked.
 */
export function renderText({ file, text, diagnostics }: Finding): string {
  const lines = new Lines(maskSecrets(withoutMark(text), diagnostics));
  const blocks = diagnostics.map((diagnostic) => block(file, lines, diagnostic));
  return [...blocks, summary(diagnostics)].filter((part) => part !== "").join("\n\n");
}

/** A problem in one line, for commands whose result is something else. */
export function renderLine(file: string, { code, severity, position, message }: Diagnostic): string {
  return `${severity}[${code}] ${file}:${position.line}:${position.column}: ${printable(message)}`;
}

function block(file: string, lines: Lines, { code, severity, position, message, suggestion, fix }: Diagnostic): string {
  const { line, column, endLine, endColumn } = position;
  const source = lines.line(line);
  const from = column > width - 20 ? column - 40 : 0;
  const shown = printable(source.slice(from, from + width));
  const gutter = String(line);
  const pad = " ".repeat(gutter.length);
  const before = printable(source.slice(from, column - 1)).replace(/[^\t]/gu, (char) => " ".repeat(columns(char)));
  const last = endLine === line ? Math.max(endColumn, column + 1) : source.length + 1;
  const marked = printable(source.slice(column - 1, Math.min(last - 1, from + width)));
  const caret = "^".repeat(Math.max(1, columns(marked)));
  const rows = [
    `${severity}[${code}]: ${printable(message)}`,
    `${pad}--> ${file}:${line}:${column}`,
    `${pad} |`,
    `${gutter} | ${shown}`,
    `${pad} | ${before}${caret}`,
  ];
  if (suggestion !== undefined) rows.push(`${pad} = did you mean ${printable(suggestion)}?`);
  if (fix !== undefined) rows.push(`${pad} = fix: ${printable(fix)}`);
  return rows.map((row) => row.trimEnd()).join("\n");
}

function summary(diagnostics: readonly Diagnostic[]): string {
  const errors = diagnostics.filter(({ severity }) => severity === "error").length;
  const warnings = diagnostics.length - errors;
  const parts = [counted(errors, "error"), counted(warnings, "warning")].filter((part) => part !== "");
  return parts.join(", ");
}

function counted(number: number, word: string): string {
  return number === 0 ? "" : `${number} ${word}${number === 1 ? "" : "s"}`;
}

export function withoutMark(text: string): string {
  return text.startsWith("\uFEFF") ? text.slice(1) : text;
}

/** Replaces control characters. */
export function printable(text: string): string {
  return text.replace(/[\p{Cc}\p{Cf}\u2028\u2029]/gu, (char) => (char === "\t" ? char : "\uFFFD"));
}

/** Terminal columns: East Asian wide characters and emoji take two, combining marks none. */
function columns(text: string): number {
  let sum = 0;
  for (const char of text) {
    if (/\p{M}/u.test(char)) continue;
    sum +=
      /[\u1100-\u115F\u2E80-\uA4CF\uAC00-\uD7A3\uF900-\uFAFF\uFE30-\uFE6F\uFF00-\uFF60\uFFE0-\uFFE6\u{1F300}-\u{1FAFF}\u{20000}-\u{3FFFD}]/u.test(
        char,
      )
        ? 2
        : 1;
  }
  return sum;
}

/** Replaces text that looks like a secret, or was reported as one, with as many asterisks. */
function maskSecrets(text: string, diagnostics: readonly Diagnostic[]): string {
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
