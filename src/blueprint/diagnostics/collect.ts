import type { Lines } from "../source/lines.ts";
import { codes } from "./codes.ts";
import type { Diagnostic, Report } from "./diagnostic.ts";

/** At most so many diagnostics are kept: nobody reads more, and a broken generated file can have a million. */
const maxDiagnostics = 1000;

export interface Collector {
  readonly report: Report;
  /** In file order, each once: a value that is used through several aliases is wrong once. */
  readonly finish: (lines: Lines) => readonly Diagnostic[];
}

export function createCollector(): Collector {
  const found = new Map<string, (lines: Lines) => Diagnostic>();
  const report: Report = (code, location, values, hint = {}) => {
    const identity = `${code}@${location.span.start} ${JSON.stringify(values)}`;
    if (found.has(identity) || found.size >= maxDiagnostics) return;
    found.set(identity, (lines) => ({
      code,
      severity: hint.severity ?? "error",
      path: location.path,
      position: lines.position(location.span),
      values: { ...values },
      message: codes[code].say(values),
      ...(hint.suggestion === undefined ? {} : { suggestion: hint.suggestion }),
      ...(hint.fix === undefined ? {} : { fix: hint.fix }),
    }));
  };
  return {
    report,
    finish: (lines) =>
      [...found.values()]
        .map((make) => make(lines))
        .sort((a, b) => a.position.offset - b.position.offset || (a.code < b.code ? -1 : 1)),
  };
}
