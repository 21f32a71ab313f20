import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A part of the JSON Schema of blueprints, as far as it tells the places of fields. */
interface Schema {
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema;
  readonly anyOf?: readonly Schema[];
}

const root: Schema = JSON.parse(
  readFileSync(join(import.meta.dirname, "../../../blueprints/blueprint.schema.json"), "utf8"),
);

/** All fields of the format, such as `.agents[].env.*`. */
export function allFields(): ReadonlySet<string> {
  return new Set(leaves(root, ""));
}

/** The fields that a value at a place sets, such as `agents.Boss.env.LEVEL`. */
export function fieldsAt(place: string, value: unknown): readonly string[] {
  let nodes: readonly Place[] = [{ schema: root, field: "" }];
  for (const key of place.split(".")) nodes = nodes.flatMap((node) => step(node, key));
  return nodes.flatMap((node) => setBy(node, value));
}

interface Place {
  readonly schema: Schema;
  readonly field: string;
}

function leaves(schema: Schema, field: string): readonly string[] {
  const inner = inside(schema, field);
  return inner.length === 0 ? [field] : inner.flatMap((place) => leaves(place.schema, place.field));
}

/** A place that can be a word or a map is a field as a word. */
function inside({ properties, additionalProperties, items, anyOf = [] }: Schema, field: string): readonly Place[] {
  const maps = anyOf.some((one) => one.properties !== undefined);
  return [
    ...Object.entries(properties ?? {}).map(([key, schema]) => ({ schema, field: `${field}.${key}` })),
    ...(typeof additionalProperties === "object" ? [{ schema: additionalProperties, field: `${field}.*` }] : []),
    ...(items === undefined ? [] : [{ schema: items, field: `${field}[]` }]),
    ...(maps ? anyOf.map((schema) => ({ schema, field })) : []),
  ];
}

function step({ schema, field }: Place, key: string): readonly Place[] {
  if (schema.anyOf !== undefined) return schema.anyOf.flatMap((one) => step({ schema: one, field }, key));
  const found = schema.properties?.[key];
  if (found !== undefined) return [{ schema: found, field: `${field}.${key}` }];
  return inside({ ...schema, properties: {} }, field);
}

function setBy(place: Place, value: unknown): readonly string[] {
  if (typeof value !== "object" || value === null) return [place.field];
  const below = Object.entries(value).flatMap(([key, inner]) => step(place, key).flatMap((next) => setBy(next, inner)));
  return below.length === 0 ? [place.field] : below;
}
