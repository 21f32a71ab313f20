import { catalogue } from "../../src/errors.ts";

/** The page of the error catalogue. */
export function renderErrors(): string {
  const rows = Object.entries(catalogue).map(
    ([code, { family, title, exit, http }]) => `| ${code} | ${title} | ${family} | ${exit} | ${http} |`,
  );
  return [
    "# Errors",
    "",
    "Every message of `swarmctl` and of the service has one of these codes. Made from `src/errors.ts` by `npm run docs`.",
    "Problems of a blueprint (SW1xx to SW4xx) are in [diagnostics.md](diagnostics.md).",
    "",
    "| code | means | family | exit status | HTTP status |",
    "|---|---|---|---|---|",
    ...rows,
    "",
  ].join("\n");
}
