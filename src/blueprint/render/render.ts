import { renderGithub } from "./github.ts";
import { renderJson } from "./json.ts";
import { renderSarif } from "./sarif.ts";
import { type Finding, renderText } from "./text.ts";

export const diagnosticFormats = ["text", "json", "sarif", "github"] as const;
export type DiagnosticFormat = (typeof diagnosticFormats)[number];

const renderers: Readonly<Record<DiagnosticFormat, (findings: readonly Finding[]) => string>> = {
  text: (findings) =>
    findings
      .map(renderText)
      .filter((text) => text !== "")
      .join("\n\n"),
  json: renderJson,
  sarif: renderSarif,
  github: renderGithub,
};

/** Renders the findings of several files in one format. "text" and "github" are empty without findings. */
export function renderDiagnostics(findings: readonly Finding[], format: DiagnosticFormat): string {
  return renderers[format](findings);
}
