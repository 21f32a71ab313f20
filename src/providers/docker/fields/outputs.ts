import { type Properties, unknownValue } from "../../base/values.ts";
import { canonical } from "./canonical.ts";
import type { FieldRule } from "./field.ts";

type Table = Readonly<Record<string, FieldRule>>;

/**
 * Outputs to record: the program's spelling where the daemon's value is equivalent, else the daemon's value.
 *
 * @param observed values reported by the daemon; omitted properties keep the program's values
 */
export function outputsOf(fields: Table, inputs: Properties, observed: Properties): Properties {
  const outputs: Properties = { ...standardsOf(fields), ...inputs };
  for (const [name, value] of Object.entries(observed)) {
    if (!means(fields[name], outputs[name], value)) outputs[name] = value;
  }
  return outputs;
}

/** Outputs of a previewed create; values that only the daemon provides are unknown. */
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
