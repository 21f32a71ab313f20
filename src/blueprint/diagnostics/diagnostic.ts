import type { Position } from "../source/lines.ts";
import type { Path, Span } from "../source/tree.ts";
import type { DiagnosticCode, ValuesOf } from "./codes.ts";

export type Severity = "error" | "warning";

/** One problem of a blueprint, as data. JSON-safe. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Path in the document, e.g. ["agents", 2, "reports_to"]. */
  readonly path: Path;
  readonly position: Position;
  /** The values in the message, without secrets. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** Replacement for the marked text. */
  readonly suggestion?: string;
  /** How to fix the problem. */
  readonly fix?: string;
}

/** Location of a problem: the marked text, and the path of its value. */
export interface SourceLocation {
  readonly span: Span;
  readonly path: Path;
}

export interface Hint {
  readonly severity?: Severity;
  readonly suggestion?: string | undefined;
  readonly fix?: string | undefined;
}

/** Reports a problem; checking continues. */
export type Report = <C extends DiagnosticCode>(
  code: C,
  location: SourceLocation,
  values: ValuesOf<C>,
  hint?: Hint,
) => void;
