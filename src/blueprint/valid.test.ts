import { expect, test } from "vitest";
import { validCases } from "./fixtures/valid.fixture.ts";
import { formatBlueprint } from "./format.ts";
import { parseBlueprint } from "./parse.ts";

test("there are enough of them", () => expect(validCases.length).toBeGreaterThanOrEqual(40));

test.each(validCases.map((one) => [one.title, one] as const))("no alarm: %s", (_title, {
  text,
  options,
  warnings = [],
}) => {
  const { blueprint, diagnostics } = parseBlueprint(text, { file: "valid.yaml", ...options });
  expect(diagnostics.map(({ code }) => code)).toEqual(warnings);
  expect(JSON.parse(JSON.stringify(blueprint))).toBeTruthy();
});

test.each(validCases.map((one) => [one.title, one] as const))("fmt keeps the meaning: %s", (_title, {
  text,
  options,
}) => {
  const settings = { file: "valid.yaml", ...options };
  const formatted = formatBlueprint(text, "valid.yaml");
  expect(parseBlueprint(formatted, settings).blueprint?.digest).toBe(parseBlueprint(text, settings).blueprint?.digest);
  expect(formatBlueprint(formatted, "valid.yaml")).toBe(formatted);
});
