import fc from "fast-check";
import { expect, test } from "vitest";
import { parserProperty } from "../../src/blueprint/fixtures/fuzz.fixture.ts";
import { parseBlueprint } from "../../src/blueprint/parse.ts";

test("500 texts: no crash, always a position", () => {
  fc.assert(parserProperty, { numRuns: 500, seed: 20_240_217 });
});

const mebibyte = 1024 * 1024;

test.each([
  ["brackets", "[".repeat(mebibyte - 10)],
  ["braces", `a: ${"{a: ".repeat(200_000)}`],
  ["dashes", "- ".repeat(500_000)],
  ["nested maps", Array.from({ length: 1200 }, (_, depth) => `${" ".repeat(depth)}a:`).join("\n")],
  ["one long text", `metadata: "${"\\\\".repeat(500_000)}`],
  ["unknown keys", Array.from({ length: 60_000 }, (_, index) => `reports_${index}: 1`).join("\n")],
  ["one key many times", "a: 1\n".repeat(100_000)],
  [
    "unknown superiors",
    `agents:\n${Array.from({ length: 9000 }, (_, index) => `- {role: worker, name: a${index}, reports_to: b${index}}`).join("\n")}`,
  ],
  ["anchors and aliases", `a: &a b\n${Array.from({ length: 60_000 }, (_, index) => `k${index}: *a`).join("\n")}`],
  [
    "merges of merges",
    `x: &m0 {a: 1}\n${Array.from({ length: 10_000 }, (_, index) => `k${index}: &m${index + 1} {<<: *m${index}, b${index}: 1}`).join("\n")}`,
  ],
  [
    "laughs",
    Array.from(
      { length: 40 },
      (_, index) =>
        `a${index}: &a${index} [${
          index === 0
            ? "lol"
            : Array(9)
                .fill(`*a${index - 1}`)
                .join(",")
        }]`,
    ).join("\n"),
  ],
  ["comments", "# a\n".repeat(100_000)],
  ["white space", " ".repeat(mebibyte)],
  ["documents", "---\n".repeat(100_000)],
  ["tags", "- !a b\n".repeat(70_000)],
])("a hostile file is parsed in bounded time: %s", (_title, text) => {
  const start = performance.now();
  const { diagnostics } = parseBlueprint(text, { file: "bomb.yaml" });
  expect(diagnostics.length).toBeGreaterThan(0);
  expect(performance.now() - start).toBeLessThan(20_000);
});
