import { describe, expect, test } from "vitest";
import { codes } from "./diagnostics/codes.ts";
import type { BrokenCase } from "./fixtures/broken/case.fixture.ts";
import { meaningCases } from "./fixtures/broken/meaning.fixture.ts";
import { severalCases } from "./fixtures/broken/several.fixture.ts";
import { shapeCases } from "./fixtures/broken/shape.fixture.ts";
import { syntaxCases } from "./fixtures/broken/syntax.fixture.ts";
import { targetCases } from "./fixtures/broken/target.fixture.ts";
import { parseBlueprint } from "./parse.ts";
import { Lines } from "./source/lines.ts";

const all = [...syntaxCases, ...shapeCases, ...meaningCases, ...targetCases, ...severalCases];

/** The text without its marks, and where they were. */
function unmark(marked: string) {
  const spans: { start: number; end: number }[] = [];
  const open: { start: number; end: number }[] = [];
  let text = "";
  for (const char of marked) {
    if (char === "«") {
      const span = { start: text.length, end: text.length };
      spans.push(span);
      open.push(span);
    } else if (char === "»") {
      const span = open.pop();
      if (span !== undefined) span.end = text.length;
    } else text += char;
  }
  return { text, spans };
}

function check({ text: marked, codes: expected, options, suggestion }: BrokenCase): void {
  const { text, spans } = unmark(marked);
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "broken.yaml", ...options });
  expect(diagnostics.map(({ code, message }) => `${code} ${message}`).map((line) => line.slice(0, 5))).toEqual(
    expected,
  );
  const lines = new Lines(text);
  for (const [index, { position }] of diagnostics.entries()) {
    const span = spans[index] ?? { start: -1, end: -1 };
    const location = lines.position(span);
    expect.soft(position.line, "line").toBe(location.line);
    expect.soft(position.column, "column").toBeGreaterThanOrEqual(location.column);
    expect.soft(position.column, "column").toBeLessThanOrEqual(Math.max(location.column, location.endColumn - 1));
  }
  expect(spans).toHaveLength(expected.length);
  if (suggestion !== undefined) expect(diagnostics[0]?.suggestion).toBe(suggestion);
  expect(blueprint === undefined).toBe(diagnostics.some(({ severity }) => severity === "error"));
}

describe("broken blueprints: every problem, once, at its place", () => {
  test.each(all.map((one) => [one.title, one] as const))("%s", (_title, one) => check(one));
});

test("what the rules say of each, where, and the remedy: vitest -u writes it", async () => {
  const told = [...meaningCases, ...targetCases, ...severalCases].map(({ title, text, options }) => {
    const { diagnostics } = parseBlueprint(unmark(text).text, { file: "broken.yaml", ...options });
    const lines = diagnostics.map(({ code, severity, path, message, suggestion, fix }) => {
      const remedy = [suggestion === undefined ? [] : `did you mean ${suggestion}?`, fix ?? []].flat();
      return `  ${severity} ${code} ${path.join(".")}: ${[message, ...remedy].join("\n    ")}`;
    });
    return [title, ...lines].join("\n");
  });
  await expect(`${told.join("\n")}\n`).toMatchFileSnapshot("fixtures/broken/messages.txt");
});

test("there are cases for every code", () => {
  const covered = new Set(all.flatMap((one) => one.codes));
  // Too large a file is written by its own test; every available target has a shared volume (test/targets covers SW420).
  const missing = Object.keys(codes).filter((code) => ![...covered].some((one) => one === code));
  expect(missing).toEqual(["SW112", "SW420"]);
});

test("more than 1 MiB is not read", () => {
  const { diagnostics } = parseBlueprint(`# ${"x".repeat(1024 * 1024)}`, { file: "large.yaml" });
  expect(diagnostics.map(({ code, position }) => [code, position.line, position.column])).toEqual([["SW112", 1, 1]]);
});
