// Writes the pages generated from the code: `npm run docs`. A test checks that they are up to date.
import { writeFileSync } from "node:fs";
import { renderReference } from "../../src/blueprint/diagnostics/reference.ts";
import { renderJsonSchema } from "../../src/blueprint/schema/json-schema.ts";
import { renderErrors } from "./errors-page.ts";

const root = new URL("../../", import.meta.url);

writeFileSync(new URL("docs/diagnostics.md", root), renderReference());
writeFileSync(new URL("docs/errors.md", root), renderErrors());
writeFileSync(new URL("blueprints/blueprint.schema.json", root), renderJsonSchema());
