import { readFile } from "node:fs/promises";
import { isMap, parseDocument } from "yaml";
import { formatBlueprint } from "./format.ts";

export const templates = [
  "standard",
  "marketing",
  "einkauf",
  "project-template",
  "gpu-inference",
  "temporary-review",
] as const;
export type Template = (typeof templates)[number];

export interface InitOptions {
  /** Identity of the new blueprint: a-z, 0-9 and dashes. */
  readonly id: string;
  readonly name: string;
  /** Path of the schema relative to the new file, for editors. */
  readonly schema?: string;
}

/** The folder of the shipped blueprints, next to both `src` and `dist`. */
const folder = new URL("../../blueprints/", import.meta.url);

/** The text of a new blueprint from a shipped template, with its comments. */
export async function initBlueprint(template: Template, { id, name, schema }: InitOptions): Promise<string> {
  const text = await readFile(new URL(`${template}.yaml`, folder), "utf8");
  const document = parseDocument(text);
  const metadata = document.get("metadata");
  if (isMap(metadata)) {
    metadata.set("id", id);
    metadata.set("name", name);
  }
  const written = formatBlueprint(document.toString({ lineWidth: 0 }), `${template}.yaml`);
  return schema === undefined ? written : written.replace(/\$schema=\S+/, () => `$schema=${schema}`);
}
