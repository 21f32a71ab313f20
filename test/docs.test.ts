import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { renderReference } from "../src/blueprint/diagnostics/reference.ts";
import { renderJsonSchema } from "../src/blueprint/schema/json-schema.ts";
import { renderDockerPlugin } from "../tools/docs/docker-plugin-page.ts";
import { renderErrors } from "../tools/docs/errors-page.ts";
import { renderKubernetesPlugin } from "../tools/docs/kubernetes-plugin-page.ts";

test.each([
  { page: "docs/diagnostics.md", render: renderReference },
  { page: "docs/errors.md", render: renderErrors },
  { page: "docs/docker-plugin.md", render: renderDockerPlugin },
  { page: "docs/kubernetes-plugin.md", render: renderKubernetesPlugin },
  { page: "blueprints/blueprint.schema.json", render: renderJsonSchema },
])("$page is in step with the code (npm run docs)", ({ page, render }) => {
  expect(readFileSync(new URL(`../${page}`, import.meta.url), "utf8")).toBe(render());
});
