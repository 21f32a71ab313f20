import { expect, test } from "vitest";
import { mulberry32 } from "./fixtures/random.fixture.ts";
import { misspell } from "./fixtures/typos.fixture.ts";
import { validCases } from "./fixtures/valid.fixture.ts";
import { parseBlueprint } from "./parse.ts";
import { blueprintShape } from "./schema/blueprint.ts";
import type { Shape } from "./shape/shape.ts";
import { readYaml } from "./source/read-yaml.ts";
import type { Node, Span } from "./source/tree.ts";

const text = validCases.find(({ title }) => title === "every key there is")?.text ?? "";
const { root } = readYaml(text, () => {});

interface Part {
  readonly key: string;
  readonly keySpan: Span;
  readonly value: Node;
}

/** Every key of the format that the file has, with its value. */
function partsOf(node: Node | undefined, shape: Shape<unknown>): readonly Part[] {
  const { inner } = shape;
  if (node?.kind === "list" && inner?.kind === "list") return node.items.flatMap((item) => partsOf(item, inner.item));
  if (inner?.kind === "either") return inner.shapes.flatMap((one) => partsOf(node, one));
  if (node?.kind !== "map") return [];
  return [...node.entries].flatMap(([key, { keySpan, value }]): readonly Part[] => {
    if (inner?.kind === "map") return partsOf(value, inner.value);
    const field = inner?.kind === "object" ? inner.fields[key] : undefined;
    return field === undefined ? [] : [{ key, keySpan, value }, ...partsOf(value, field.shape)];
  });
}

const parts = partsOf(root, blueprintShape);

function errorsWith(span: Span, replacement: string): readonly string[] {
  const broken = text.slice(0, span.start) + replacement + text.slice(span.end);
  const { diagnostics } = parseBlueprint(broken, { file: "a.yaml" });
  return diagnostics.map(({ code, message }) => `${code} ${message}`);
}

test("the file has all parts of the format", () => expect(parts.length).toBeGreaterThan(80));

test("one misspelt key is one problem, wherever it is", () => {
  const random = mulberry32(7);
  for (const { key, keySpan } of parts) {
    const typo = misspell(key, random);
    if (parts.some((part) => part.key === typo) || typo === "") continue;
    const errors = errorsWith(keySpan, typo);
    expect.soft(errors, `${key} as ${typo}`).toEqual([expect.stringMatching(/^SW201/)]);
  }
});

test.each([
  ["a key without a value", "null", /^SW218/],
  ["a list in a list", "[[]]", /^SW2/],
])("%s is one problem, wherever it is", (_title, replacement, code) => {
  for (const { key, value } of parts) {
    const errors = errorsWith(value.span, replacement);
    expect.soft(errors, key).toEqual([expect.stringMatching(code)]);
  }
});
