import type { CST, YAMLError } from "yaml";
import type { Report } from "../diagnostics/diagnostic.ts";
import type { Span } from "./tree.ts";
import { findUnclosed } from "./unclosed.ts";

/**
 * Reports what the YAML library found, in our words and at the place that people look for. False where the structure is
 * broken: what the library says after that, and the content, are mostly caused by it, and are left out.
 */
export function reportYamlErrors(
  errors: readonly YAMLError[],
  tokens: readonly CST.Token[],
  text: string,
  report: Report,
): boolean {
  for (const [index, error] of errors.entries()) {
    const span = spanOf(error, text);
    const location = { span, path: [] };
    const token = text.slice(span.start, span.end);
    switch (error.code) {
      case "MULTIPLE_DOCS":
        continue;
      case "BAD_DQ_ESCAPE":
        report("SW105", location, { sequence: token }, { fix: "write \\\\ for a backslash, or use single quotes" });
        continue;
      case "TAG_RESOLVE_FAILED":
        report("SW110", location, { tag: token });
        continue;
      case "BAD_SCALAR_START":
        report("SW101", location, { detail: `text cannot begin with ${token}` }, { fix: "put it in quotes" });
        continue;
      default:
        reportBreak(error, errors[index + 1], tokens, text, report);
        return false;
    }
  }
  return true;
}

function reportBreak(
  error: YAMLError,
  next: YAMLError | undefined,
  tokens: readonly CST.Token[],
  text: string,
  report: Report,
): void {
  const span = spanOf(error, text);
  const location = { span, path: [] };
  const unclosed = findUnclosed(tokens);
  if (unclosed !== undefined && mayBeUnclosed(error)) {
    const { opening, closing } = unclosed;
    report(
      "SW104",
      { span: opening, path: [] },
      { detail: `${text.slice(opening.start, opening.end)} is not closed` },
      { fix: `add ${closing}` },
    );
    return;
  }
  switch (error.code) {
    case "TAB_AS_INDENT":
      report("SW102", location, {}, { fix: "indent with spaces" });
      return;
    case "BAD_INDENT":
      report("SW103", location, { detail: "this line does not begin in the column of its neighbours" });
      return;
    case "BLOCK_AS_IMPLICIT_KEY":
      reportNested(error, next, span, text, report);
      return;
    case "MULTILINE_IMPLICIT_KEY": {
      const line = lineOf(span, text);
      const glued = /:\S/.test(text.slice(line.start, line.end));
      const detail = glued ? "a colon needs a space behind it" : "a key needs a colon behind it";
      report("SW101", { span: line, path: [] }, { detail });
      return;
    }
    case "MISSING_CHAR":
      report("SW101", { span: lineOf(span, text), path: [] }, { detail: "a key needs a colon and a space behind it" });
      return;
    case "BLOCK_IN_FLOW":
      report("SW104", { span: lineOf(span, text), path: [] }, { detail: "a comma is missing between two entries" });
      return;
    case "BAD_ALIAS":
      report(
        "SW101",
        location,
        { detail: "* begins an alias, and its name is missing" },
        { fix: 'for a plain asterisk write "*"' },
      );
      return;
    default:
      report("SW101", location, { detail: plainMessage(error, span, text) });
  }
}

/** A key behind a value: on the same line, or on the next one and too deep. */
function reportNested(error: YAMLError, next: YAMLError | undefined, span: Span, text: string, report: Report): void {
  const lineStart = text.lastIndexOf("\n", span.start - 1) + 1;
  const dash = /^( *)-[^\s-]/.exec(text.slice(lineStart, span.start + 1));
  const key = keyBelow(next, text);
  if (/block sequence/.test(error.message)) {
    report("SW103", { span, path: [] }, { detail: "this item does not begin in the column of its neighbours" });
  } else if (dash?.[1] !== undefined) {
    const start = lineStart + dash[1].length;
    report("SW101", { span: { start, end: start + 1 }, path: [] }, { detail: "a dash needs a space behind it" });
  } else if (key !== undefined && next?.pos[0] === error.pos[0]) {
    const values = { detail: `${text.slice(key.start, key.end)} is indented under a key that has a value already` };
    report("SW103", { span: key, path: [] }, values, { fix: "begin it in the column of its neighbours" });
  } else {
    const fix = "put the text in quotes if the colon is part of it; else begin a new, deeper indented line";
    report(
      "SW101",
      { span: lineOf(span, text), path: [] },
      { detail: "a second key cannot stand on the line of the first" },
      { fix },
    );
  }
}

/** The last line of a key that runs over several lines, which is what the library takes an over-indented key for. */
function keyBelow(error: YAMLError | undefined, text: string): Span | undefined {
  if (error?.code !== "MULTILINE_IMPLICIT_KEY") return undefined;
  const [start, end] = error.pos;
  const own = text.slice(start, end);
  const offset = own.lastIndexOf("\n");
  if (offset === -1) return undefined;
  const last = own.slice(offset + 1);
  return { start: start + offset + 1 + (last.length - last.trimStart().length), end: start + own.trimEnd().length };
}

function mayBeUnclosed({ code, message }: YAMLError): boolean {
  return code === "BAD_INDENT" ? /^Flow/.test(message) : code === "MISSING_CHAR" && /quote|[\]}]/.test(message);
}

function plainMessage({ message }: YAMLError, span: Span, text: string): string {
  const token = text.slice(span.start, span.end).trim();
  if (/block-seq-ind on same line/.test(message))
    return "a list begins on a line of its own, or is written in [brackets]";
  if (/flow-(?:seq|map)-end/.test(message)) return `${token} closes nothing`;
  if (/at node end/.test(message) && /["']\s*$/.test(text.slice(0, span.start)))
    return "there is text behind the closing quote";
  const line = message.trim().replace(/\s+/g, " ");
  return line.charAt(0).toLowerCase() + line.slice(1);
}

/** The marked text: at least one visible character, and inside the text. */
function spanOf(error: YAMLError, text: string): Span {
  const [from, to] = error.pos;
  const visible = text.trimEnd().length;
  if (from >= visible) return { start: Math.max(0, visible - 1), end: Math.max(visible, 1) };
  const isTab = error.code === "TAB_AS_INDENT";
  const start = isTab ? from : from + (text.slice(from).length - text.slice(from).trimStart().length);
  return { start, end: Math.max(start + 1, Math.min(to, start + lineLength(start, text))) };
}

/** From the start of the span to the end of its line, without a comment. */
function lineOf({ start }: Span, text: string): Span {
  const line = text.slice(start, start + lineLength(start, text)).replace(/\s+#.*$/, "");
  return { start, end: start + Math.max(1, line.trimEnd().length) };
}

function lineLength(start: number, text: string): number {
  const end = text.indexOf("\n", start);
  return (end === -1 ? text.length : end) - start;
}
