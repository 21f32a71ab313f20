import { expect, test } from "vitest";
import { explain, renderExplanation } from "./explain.ts";
import { wordsOf } from "./fixtures/typos.fixture.ts";

test("a key, however its path is written", () => {
  for (const path of [
    "agents.resources.gpu",
    "agents[].resources.gpu",
    "agents[3].resources.gpu",
    "agents.*.resources.gpu",
  ]) {
    expect(explain(path)).toMatchObject({
      path: "agents[].resources.gpu",
      expects: "a whole number from 0",
      preset: "0",
    });
  }
});

test("the blueprint as a whole", () => {
  const text = renderExplanation(explain(""));
  expect(text).toContain("agents     The agents. (a list; required)");
});

test("inside a target that may be a word, and inside secrets of any name", () => {
  expect(explain("cluster.target.region").doc).toBe("Region of AWS or Fly.io.");
  expect(explain("secrets.OPENAI_API_KEY.env").expects).toContain("letters, digits and underscores");
});

test("every key of the format has an explanation", () => {
  for (const { kind, word, path } of wordsOf()) {
    if (kind === "value") continue;
    const { doc } = explain([...path, word].join("."));
    expect(doc, [...path, word].join(".")).toMatch(/^[A-Z].*\.$/);
  }
});

test("an unknown key is refused with a suggestion", () => {
  expect(() => explain("agents.ressources")).toThrowError(
    expect.objectContaining({
      code: "SW801",
      message: 'agents has no key "ressources"',
      hints: ["did you mean resources?"],
    }),
  );
  expect(() => explain("metadata.id.more")).toThrowError(expect.objectContaining({ code: "SW801" }));
});
