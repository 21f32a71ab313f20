import { isRecord } from "../../../platform/json.ts";
import type { PathStep } from "../../base/property-path.ts";

/** Removes the value at a path; creates no missing maps. */
export function withoutPath<Value>(value: Value, path: readonly PathStep[]): Value {
  return remove(value, path) as Value;
}

function remove(value: unknown, path: readonly PathStep[]): unknown {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (Array.isArray(value)) {
    if (rest.length === 0) return value.filter((_item, index) => index !== step);
    return value.map((item: unknown, index) => (index === step ? remove(item, rest) : item));
  }
  if (!isRecord(value) || !(step in value)) return value;
  const { [step]: child, ...others } = value;
  return rest.length === 0 ? others : { ...value, [step]: remove(child, rest) };
}

/** Expands each `*` of a path to every index or key of the value. */
export function expandPath(value: unknown, path: readonly PathStep[]): readonly (readonly PathStep[])[] {
  const [step, ...rest] = path;
  if (step === undefined) return [[]];
  const keys: readonly PathStep[] =
    step !== "*" ? [step] : Array.isArray(value) ? [...value.keys()] : isRecord(value) ? Object.keys(value) : [];
  return keys.flatMap((key) => {
    const child =
      Array.isArray(value) && typeof key === "number" ? value[key] : isRecord(value) ? value[key] : undefined;
    return expandPath(child, rest).map((tail) => [key, ...tail]);
  });
}
