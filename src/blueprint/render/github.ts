import { type Finding, printable } from "./text.ts";

/** For annotations of GitHub Actions: one workflow command a problem. */
export function renderGithub(findings: readonly Finding[]): string {
  return findings
    .flatMap(({ file, diagnostics }) =>
      diagnostics.map(({ code, severity, position, message, suggestion, fix }) => {
        const { line, column, endLine, endColumn } = position;
        const locations = `file=${property(file)},line=${line},col=${column},endLine=${endLine},endColumn=${endColumn}`;
        const more = [
          suggestion === undefined ? "" : `did you mean ${suggestion}?`,
          fix === undefined ? "" : `fix: ${fix}`,
        ];
        const text = [message, ...more.filter((part) => part !== "")].join("\n");
        return `::${severity} ${locations},title=${code}::${data(text)}`;
      }),
    )
    .join("\n");
}

function data(text: string): string {
  return text
    .split("\n")
    .map((line) => printable(line).replaceAll("%", "%25"))
    .join("%0A");
}

function property(text: string): string {
  return data(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
