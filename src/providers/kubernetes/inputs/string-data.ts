import { hasUnknown } from "../../base/values.ts";
import { type KubeObject, recordAt } from "../object.ts";

/** A Secret with its `stringData` folded into `data`, as the API server does; while a value is unknown both are kept. */
export function foldStringData(inputs: KubeObject): KubeObject {
  const { stringData, ...rest } = inputs;
  if (stringData === undefined || hasUnknown(stringData) || hasUnknown(inputs.data)) return inputs;
  const encoded = Object.entries(recordAt(inputs, "stringData")).map(([key, value]) => [
    key,
    Buffer.from(String(value)).toString("base64"),
  ]);
  return { ...rest, data: { ...recordAt(inputs, "data"), ...Object.fromEntries(encoded) } };
}
