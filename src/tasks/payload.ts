import { numberProblem } from "../platform/exact-number.ts";
import { isShallow, maxJsonDepth } from "../platform/json-depth.ts";
import type { Json } from "../store/json.ts";
import { jsonErrorOffset } from "./json-error.ts";

export type ParsedPayload = { readonly ok: true; readonly value: Json } | { readonly ok: false; readonly why: string };

/**
 * The payload of a task, as written on a command line or in a file: text that begins with { or [ is JSON and has to parse;
 * numbers, true, false and null are JSON; any other text is `{text}`.
 * @example parsePayload("[1, 2]") // { ok: true, value: [1, 2] }
 */
export function parsePayload(written: string): ParsedPayload {
  const text = written.trim();
  if (/^[{[]/.test(text)) return parseJson(written);
  if (/^(?:true|false|null|-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?)$/.test(text)) return parseJson(text);
  return { ok: true, value: { text: written } };
}

function parseJson(text: string): ParsedPayload {
  const offset = jsonErrorOffset(text);
  if (offset !== undefined) return { ok: false, why: `it is not JSON: ${describe(text, offset)}` };
  const value = JSON.parse(text) as Json;
  if (!isShallow(value)) return { ok: false, why: `it is nested over ${maxJsonDepth} deep` };
  const problem = firstInexact(text);
  return problem === undefined ? { ok: true, value } : { ok: false, why: problem };
}

function describe(text: string, offset: number): string {
  const before = text.slice(0, offset).split(/\r\n|[\r\n]/);
  const found = text.codePointAt(offset);
  const what = found === undefined ? "it ends" : `unexpected ${JSON.stringify(String.fromCodePoint(found))}`;
  return `${what} at line ${before.length}, column ${(before.at(-1)?.length ?? 0) + 1}`;
}

/** The first number that would arrive changed; numbers in valid JSON are outside of its strings. */
function firstInexact(text: string): string | undefined {
  for (const [token] of text.matchAll(/"(?:[^"\\]|\\.)*"|-?\d[\d.eE+-]*/g)) {
    const why = token.startsWith('"') ? undefined : numberProblem(token, Number(token));
    if (why !== undefined) return `${token.slice(0, 40)} would change, ${why}: put it in quotes`;
  }
  return undefined;
}
