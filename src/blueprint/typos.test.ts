import { expect, test } from "vitest";
import { mulberry32 } from "./fixtures/random.fixture.ts";
import { documentWith, misspell, wordsOf } from "./fixtures/typos.fixture.ts";
import { parseBlueprint } from "./parse.ts";

test("at least 95 % of one-edit typos over the whole schema get the right suggestion", () => {
  const random = mulberry32(20_240_217);
  const words = wordsOf();
  const known = new Set(words.map(({ word }) => word));
  let right = 0;
  let tried = 0;
  const missed = new Map<string, string>();
  for (const word of words) {
    for (let round = 0; round < 25; round++) {
      const typo = misspell(word.word, random);
      // An empty word has no suggestion, and an edit may produce another word of the format.
      if (typo === "" || known.has(typo)) continue;
      const text = JSON.stringify(documentWith(word, typo));
      const found = parseBlueprint(text, { file: "typo.yaml" }).diagnostics.find(
        ({ code }) => code === (word.kind === "key" ? "SW201" : "SW204"),
      );
      tried += 1;
      if (found?.suggestion === word.word) right += 1;
      else missed.set(typo, `${word.word} -> ${found?.suggestion}`);
    }
  }
  const rate = right / tried;
  console.log(`typos: ${right} of ${tried} (${(100 * rate).toFixed(1)} %) over ${words.length} words`);
  expect(rate, JSON.stringify([...missed])).toBeGreaterThanOrEqual(0.95);
});
