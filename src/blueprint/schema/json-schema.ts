import { blueprintShape } from "./blueprint.ts";

/** The format as JSON Schema (draft 2020-12), for editors. It does not cover the rules of SW3xx and SW4xx. */
function blueprintJsonSchema(): Readonly<Record<string, unknown>> {
  return {
    $schema: "https://json-schema.org/draft/2020-12/schema",
    title: "Swarmstack blueprint",
    description: "A cluster of agents as code.",
    ...blueprintShape.json(),
  };
}

/** The content of blueprints/blueprint.schema.json. */
export function renderJsonSchema(): string {
  return `${JSON.stringify(blueprintJsonSchema(), undefined, 2)}\n`;
}
