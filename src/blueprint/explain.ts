import { SwarmError } from "../errors.ts";
import { didYouMean } from "../platform/did-you-mean.ts";
import { blueprintShape } from "./schema/blueprint.ts";
import type { Field, Fields, Shape } from "./shape/shape.ts";

/** Documentation of one key. */
export interface Explanation {
  /** Normalised: `agents[].resources.gpu`. */
  readonly path: string;
  readonly expects: string;
  readonly doc: string;
  readonly required: boolean;
  readonly preset: string | undefined;
  /** Its keys, if it is a map. */
  readonly keys: readonly KeyExplanation[];
}

export interface KeyExplanation {
  readonly name: string;
  readonly expects: string;
  readonly required: boolean;
  readonly preset: string | undefined;
  readonly doc: string;
}

const root: Field<unknown, boolean> = { shape: blueprintShape, required: true, doc: "A blueprint." };

/**
 * The documentation of a key. The path uses dots; indices are omitted or written as [], [0] or *.
 * @example explain("agents.resources.gpu").expects // "a whole number from 0"
 * @throws SwarmError SW801 for an unknown key, with suggestions as hints.
 */
export function explain(path: string): Explanation {
  const steps = path
    .replaceAll(/\[\d*\]/g, "")
    .split(".")
    .filter((step) => step !== "" && step !== "*" && !/^\d+$/.test(step));
  let field = root;
  let at = "";
  for (const step of steps) {
    const { fields, suffix } = inside(field.shape);
    const next =
      fields !== undefined && Object.hasOwn(fields, step)
        ? fields[step]
        : fields === undefined
          ? valueOfMap(field.shape)
          : undefined;
    if (next === undefined) throw unknownKey(step, at, Object.keys(fields ?? {}));
    at = at === "" ? step : `${at}${suffix}.${step}`;
    field = next;
  }
  const { fields } = inside(field.shape);
  const keys = Object.entries(fields ?? {}).map(([name, key]) => ({
    name,
    expects: key.shape.expects,
    required: key.required,
    preset: key.preset,
    doc: key.doc,
  }));
  const { expects } = field.shape;
  return { path: at, expects, doc: field.doc, required: field.required, preset: field.preset, keys };
}

/** Renders an explanation as text. */
export function renderExplanation({ path, expects, doc, required, preset, keys }: Explanation): string {
  const lines = [`${path === "" ? "blueprint" : path}: ${expects}`, doc];
  if (path !== "") lines.push(presence(required, preset));
  const width = Math.max(0, ...keys.map(({ name }) => name.length));
  if (keys.length > 0) lines.push("");
  for (const key of keys) {
    lines.push(`  ${key.name.padEnd(width)}  ${key.doc} (${key.expects}; ${presence(key.required, key.preset)})`);
  }
  return lines.join("\n");
}

function presence(required: boolean, preset: string | undefined): string {
  if (required) return "required";
  return preset === undefined ? "optional" : `default: ${preset}`;
}

/** The keys of a shape, or of the items of a list. */
function inside(shape: Shape<unknown>): { readonly fields: Fields | undefined; readonly suffix: string } {
  const { inner } = shape;
  switch (inner?.kind) {
    case "object":
      return { fields: inner.fields, suffix: "" };
    case "list":
      return { fields: inside(inner.item).fields, suffix: "[]" };
    case "either":
      return {
        fields: inner.shapes.map((one) => inside(one).fields).find((fields) => fields !== undefined),
        suffix: "",
      };
    default:
      return { fields: undefined, suffix: "" };
  }
}

/** In a map with user-defined keys, any key has the same documentation. */
function valueOfMap(shape: Shape<unknown>): Field<unknown, boolean> | undefined {
  if (shape.inner?.kind !== "map") return undefined;
  return { shape: shape.inner.value, required: false, doc: "An entry; the name is of your choice." };
}

function unknownKey(step: string, at: string, known: readonly string[]): SwarmError {
  const where = at === "" ? "a blueprint" : at;
  const meant = didYouMean(step, known);
  const hints =
    meant !== undefined ? [`did you mean ${meant}?`] : known.length > 0 ? [`keys: ${known.join(", ")}`] : [];
  return new SwarmError("SW801", `${where} has no key "${step}"`, { hints, values: { key: step, where: at } });
}
