import { isRecord } from "../../../platform/json.ts";
import { type Signal, unknown } from "../../signal.ts";
import { agedSignal } from "./aged.ts";
import { getJson } from "./get-json.ts";

/** The number at a JSON pointer of a document. */
export async function readHttpJson(
  url: URL,
  pointer: readonly string[],
  now: () => number,
  signal: AbortSignal,
): Promise<Signal> {
  const { body, ageMs } = await getJson(url, {}, now, signal);
  return numberSignal(body, pointer, ageMs);
}

export function numberSignal(body: unknown, pointer: readonly string[], ageMs: number): Signal {
  const at = `/${pointer.join("/")}`;
  const found = pointer.reduce<unknown>((parent, step) => {
    if (Array.isArray(parent)) return /^(0|[1-9]\d*)$/.test(step) ? parent[Number(step)] : undefined;
    return isRecord(parent) && Object.hasOwn(parent, step) ? parent[step] : undefined;
  }, body);
  if (found === undefined) return unknown(`the answer has nothing at ${at}`);
  if (typeof found !== "number")
    return unknown(`the value at ${at} is ${found === null ? "null" : `a ${typeof found}`}`);
  return agedSignal(found, `the value at ${at}`, ageMs);
}
