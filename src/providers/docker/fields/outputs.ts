import { type Properties, unknownValue } from "../../base/values.ts";
import { canonical } from "./canonical.ts";
import type { FieldRule } from "./field.ts";

type Table = Readonly<Record<string, FieldRule>>;

/**
 * What the state records: the program's words where the daemon means the same by other ones, else what the daemon says.
 *
 * @param observed what the daemon says of a property; those that are left out are as the program has them
 */
export function outputsOf(fields: Table, inputs: Properties, observed: Properties): Properties {
  const outputs: Properties = { ...standardsOf(fields), ...inputs };
  for (const [name, value] of Object.entries(observed)) {
    if (!means(fields[name], outputs[name], value)) outputs[name] = value;
  }
  return outputs;
}

/** Outputs of a create that was not made: what only the daemon gives is not known. */
export function previewOutputs(fields: Table, inputs: Properties, given: readonly string[]): Properties {
  const computed = Object.keys(fields).filter((name) => fields[name]?.computed);
  const unknown = Object.fromEntries([...computed, ...given].map((name) => [name, unknownValue]));
  return { ...unknown, ...standardsOf(fields), ...inputs };
}

function standardsOf(fields: Table): Properties {
  const standards = Object.entries(fields).flatMap(([name, { standard }]) =>
    standard === undefined ? [] : [[name, standard]],
  );
  return Object.fromEntries(standards);
}

function means(field: FieldRule | undefined, said: unknown, value: unknown): boolean {
  const sorted = (list: unknown) =>
    field?.set && Array.isArray(list)
      ? list.map((item) => JSON.stringify(canonical(item))).toSorted()
      : canonical(list);
  return JSON.stringify(sorted(said)) === JSON.stringify(sorted(value));
}
