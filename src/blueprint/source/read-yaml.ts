import { Composer, type CST, type Document, Lexer, type ParsedNode, Parser } from "yaml";
import type { Report } from "../diagnostics/diagnostic.ts";
import { buildTree } from "./build-tree.ts";
import { limits } from "./limits.ts";
import { Lines } from "./lines.ts";
import type { Node } from "./tree.ts";
import { reportYamlErrors } from "./yaml-errors.ts";

export interface SourceText {
  readonly lines: Lines;
  /** Undefined where the text is so broken that nothing can be said about its content. */
  readonly root: Node | undefined;
}

/**
 * Reads YAML 1.2 (core schema, merge keys) into a tree with places. Time is bounded for any text: size, depth and the
 * expansion of aliases are limited.
 */
export function readYaml(text: string, report: Report): SourceText {
  const stripped = text.startsWith("\uFEFF") ? text.slice(1) : text;
  const bytes = Buffer.byteLength(stripped);
  if (bytes > limits.bytes) {
    report("SW112", { span: { start: 0, end: 0 }, path: [] }, { bytes, limit: limits.bytes });
    return { lines: new Lines(""), root: undefined };
  }
  const lines = new Lines(stripped);
  return { lines, root: readRoot(stripped, lines, report) };
}

function readRoot(text: string, lines: Lines, report: Report): Node | undefined {
  const tokens = tokenize(text, report);
  if (tokens === undefined) return undefined;
  const [document, second] = compose(tokens, text.length);
  if (document !== undefined && !reportYamlErrors(document.errors, tokens, text, report)) return undefined;
  if (document !== undefined) reportYamlErrors(document.warnings, tokens, text, report);
  if (document === undefined || isBlank(document)) {
    if (second === undefined) report("SW115", { span: { start: 0, end: 0 }, path: [] }, {});
  }
  if (second !== undefined) {
    const start = text.slice(0, second.range[0]).lastIndexOf("---");
    const span = start === -1 ? { start: second.range[0], end: second.range[0] + 1 } : { start, end: start + 3 };
    report("SW107", { span, path: [] }, {});
  }
  if (document === undefined || isBlank(document) || document.contents === null) return undefined;
  return buildTree(document.contents, text, lines, report);
}

/** The concrete syntax, or undefined where it is nested too deeply for the composer, which is recursive. */
function tokenize(text: string, report: Report): CST.Token[] | undefined {
  const parser = new Parser();
  const lexer = new Lexer();
  const tokens: CST.Token[] = [];
  for (const lexeme of lexer.lex(text)) {
    for (const token of parser.next(lexeme)) tokens.push(token);
    // One level takes up to two places: the collection, and the pair or item in it.
    if (parser.stack.length > 2 * limits.depth + 8) {
      const at = Math.min(parser.offset, text.length);
      report("SW113", { span: { start: Math.max(0, at - lexeme.length), end: at }, path: [] }, { limit: limits.depth });
      return undefined;
    }
  }
  for (const token of parser.end()) tokens.push(token);
  return tokens;
}

/** The first two documents; a third one adds nothing to what there is to say. */
function compose(tokens: readonly CST.Token[], length: number): Document.Parsed<ParsedNode>[] {
  // Duplicate keys are found by the tree builder, in linear time.
  const composer = new Composer({ uniqueKeys: false, prettyErrors: false, keepSourceTokens: false, version: "1.2" });
  const documents: Document.Parsed<ParsedNode>[] = [];
  for (const document of composer.compose(tokens, true, length)) {
    documents.push(document);
    if (documents.length === 2) break;
  }
  return documents;
}

function isBlank(document: Document.Parsed<ParsedNode>): boolean {
  const { contents } = document;
  return (
    contents === null || (contents.range[0] === contents.range[1] && "value" in contents && contents.value === null)
  );
}
