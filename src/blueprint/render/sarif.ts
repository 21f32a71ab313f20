import { codes, type DiagnosticCode } from "../diagnostics/codes.ts";
import type { Diagnostic } from "../diagnostics/diagnostic.ts";
import { formatPath } from "../source/tree.ts";
import { type Finding, withoutMark } from "./text.ts";

/** Renders SARIF 2.1.0 (OASIS) for code scanning; columns are UTF-16 code units. */
export function renderSarif(findings: readonly Finding[]): string {
  const used = [...new Set(findings.flatMap(({ diagnostics }) => diagnostics.map(({ code }) => code)))].sort();
  const log = {
    $schema: "https://json.schemastore.org/sarif-2.1.0.json",
    version: "2.1.0",
    runs: [
      {
        tool: { driver: { name: "swarmctl blueprint validate", rules: used.map(rule) } },
        columnKind: "utf16CodeUnits",
        results: findings.flatMap((finding) =>
          finding.diagnostics.map((diagnostic) => result(finding, diagnostic, used)),
        ),
      },
    ],
  };
  return JSON.stringify(log, undefined, 2);
}

function rule(code: DiagnosticCode) {
  const { title, explanation } = codes[code];
  return { id: code, shortDescription: { text: title }, fullDescription: { text: explanation } };
}

function result({ file, text }: Finding, diagnostic: Diagnostic, rules: readonly DiagnosticCode[]) {
  const { code, severity, position, message, suggestion, fix, path } = diagnostic;
  const region = {
    startLine: position.line,
    startColumn: position.column,
    endLine: position.endLine,
    endColumn: position.endColumn,
  };
  const uri = encodeURI(file.replaceAll("\\", "/"));
  const marked = withoutMark(text).slice(position.offset, position.offset + position.length);
  const change = { deletedRegion: region, insertedContent: { text: suggestion } };
  return {
    ruleId: code,
    ruleIndex: rules.indexOf(code),
    level: severity,
    message: {
      text: [message, suggestion && `Did you mean ${suggestion}?`, fix && `Fix: ${fix}`].filter(Boolean).join(". "),
    },
    locations: [
      {
        physicalLocation: { artifactLocation: { uri }, region },
        logicalLocations: [{ fullyQualifiedName: formatPath(path) }],
      },
    ],
    ...(suggestion === undefined || marked === ""
      ? {}
      : {
          fixes: [
            {
              description: { text: `Replace with ${suggestion}` },
              artifactChanges: [{ artifactLocation: { uri }, replacements: [change] }],
            },
          ],
        }),
  };
}
