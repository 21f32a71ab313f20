import { describe, expect, test } from "vitest";
import { isScalar, parseDocument, visit } from "yaml";
import { meaningCases } from "./fixtures/broken/meaning.fixture.ts";
import { shapeCases } from "./fixtures/broken/shape.fixture.ts";
import { targetCases } from "./fixtures/broken/target.fixture.ts";
import { validCases } from "./fixtures/valid.fixture.ts";
import { type ParseOptions, parseBlueprint } from "./parse.ts";

type Options = Partial<ParseOptions>;

/** The suggestions for a text that, written in its place, are still refused there. */
function refused(text: string, options: Options = {}): readonly string[] {
  const errors = (of: string) =>
    parseBlueprint(of, { file: "any.yaml", ...options }).diagnostics.filter(({ severity }) => severity === "error");
  return errors(text).flatMap(({ code, suggestion, position, path }) => {
    if (suggestion === undefined) return [];
    const { offset, length } = position;
    const isAccepted = [suggestion, JSON.stringify(suggestion)].some((value) => {
      const mended = text.slice(0, offset) + value + text.slice(offset + length);
      const rest = errors(mended);
      // A key has another path under its right name.
      const parent = JSON.stringify(code === "SW201" ? [...path.slice(0, -1), suggestion] : path);
      return !rest.some((one) => JSON.stringify(one.path) === parent || one.code.startsWith("SW1"));
    });
    return isAccepted ? [] : [`${code} ${text.slice(offset, offset + length)} -> ${suggestion}`];
  });
}

describe("what a diagnostic suggests is accepted in its place", () => {
  const broken = [...shapeCases, ...meaningCases, ...targetCases];
  test.each(broken.map((one) => [one.title, one] as const))("%s", (_title, { text, options }) => {
    expect(refused(text.replace(/[«»]/g, ""), options)).toEqual([]);
  });

  const [{ text: full } = { text: "" }] = validCases;
  const scalars: (readonly [number, number])[] = [];
  visit(parseDocument(full), (_key, node) => {
    if (isScalar(node) && node.range) scalars.push([node.range[0], node.range[1]]);
  });
  const odd = [
    ...[
      "0",
      "-1",
      "1",
      "5",
      "1e21",
      "1M",
      "2 weeks",
      "0.0001 ms",
      "30 secnds",
      "99999999",
      "123456789012345678",
      ".inf",
    ],
    ...['" a"', '"a\\tb "', "Über Alles", "0..5", "5-1", "0-999999999", "100Gb", "8 Mi", "2 cores", "yes", "v1", "1.0"],
    ...["HTTPS://Registry/A", "10.0.0.1", "10.0.0.1/8", '"fe80::1/10"', "host", "Europe/Berlim", "superviser", "Boss"],
    ...["*/90 * * * *", "nvidia-h10", "h100", "OPENAI-API-KEY", "redis://:x@h", "a".repeat(300)],
  ];
  test.each(odd.map((value) => [value]))("%s for each value of a blueprint with every key", (value) => {
    for (const [start, end] of scalars) {
      expect(refused(full.slice(0, start) + value + full.slice(end))).toEqual([]);
    }
  });
});
