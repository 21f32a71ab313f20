import { catalogue, retiredCodes } from "../../src/errors.ts";

/** The page of the error catalogue: a table of all codes, then cause and remedy of each. */
export function renderErrors(): string {
  const entries = Object.entries(catalogue);
  return [
    "# Errors",
    "",
    "Every error of `swarmctl`, of the agent API and of the plugins has one of these codes; with `--json` it is",
    "`{code, family, message, hints, values}`. Diagnostics of a blueprint (SW1xx to SW4xx) are in [diagnostics.md](diagnostics.md).",
    "",
    "<!-- Generated from src/errors.ts by `npm run docs`. -->",
    "",
    "| code | means | family | exit status | HTTP status |",
    "|---|---|---|---|---|",
    ...entries.map(
      ([code, { family, title, exit, http }]) =>
        `| [${code}](#${code.toLowerCase()}) | ${title} | ${family} | ${exit} | ${http} |`,
    ),
    ...entries.flatMap(([code, { title, cause, remedy }]) => [
      "",
      `## ${code}`,
      "",
      `**${title}**`,
      "",
      `- Cause: ${cause}`,
      `- Remedy: ${remedy}`,
    ]),
    "",
    "## Retired codes",
    "",
    ...Object.entries(retiredCodes).map(([code, now]) => `- ${code} is [${now}](#${now.toLowerCase()})`),
    "",
  ].join("\n");
}
