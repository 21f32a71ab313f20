import type { Position } from "../source/lines.ts";
import type { Path, Span } from "../source/tree.ts";
import type { DiagnosticCode, ValuesOf } from "./codes.ts";

export type Severity = "error" | "warning";

/** One problem of a blueprint, as data. JSON-safe. */
export interface Diagnostic {
  readonly code: DiagnosticCode;
  readonly severity: Severity;
  /** Where in the document, e.g. ["agents", 2, "reports_to"]. */
  readonly path: Path;
  readonly position: Position;
  /** The values behind the message. A secret is never among them. */
  readonly values: Readonly<Record<string, unknown>>;
  readonly message: string;
  /** What to write in place of the marked text. */
  readonly suggestion?: string;
  /** What to do, in words. */
  readonly fix?: string;
}

/** Where a problem is: the marked text, and the path of what it belongs to. */
export interface SourceLocation {
  readonly span: Span;
  readonly path: Path;
}

export interface Hint {
  readonly severity?: Severity;
  readonly suggestion?: string | undefined;
  readonly fix?: string | undefined;
}

/** Notes a problem; nothing stops at the first one. */
export type Report = <C extends DiagnosticCode>(
  code: C,
  location: SourceLocation,
  values: ValuesOf<C>,
  hint?: Hint,
) => void;
