import { expect, test } from "vitest";
import { findWords } from "./find-words.ts";

const banned = {
  anywhere: { "wish(?:es|ed)?": "desired state" },
  prose: { gate: "write fence", "shut(?! down)": "fenced" },
};
const exempt = { names: ["/v1/move/gate"], files: { "src/store/schema.ts": ["wish"], "src/lua/": ["gate"] } };
const found = (file: string, text: string) =>
  findWords(file, text, banned, exempt).map(({ line, word }) => `${line}:${word}`);

test.each([
  { what: "a comment", text: "// What they wish.\nconst a = 1;", words: ["1:wish"] },
  { what: "a comment at the end of a line", text: "const a = 1; // the gate\n", words: ["1:gate"] },
  { what: "a name", text: "const wish = 1;", words: ["1:wish"] },
  { what: "a part of a name", text: "const wishAfter = 1;", words: [] },
  { what: "a capital letter", text: "/** Wishes. */\nlet a;", words: ["1:Wishes"] },
  { what: "a text of several words", text: 'fail("the gate is open");', words: ["1:gate"] },
  { what: "a text of one word", text: 'const step = "gate";', words: [] },
  { what: "a template", text: `fail(\`the gate of \${a} is shut\`);`, words: ["1:gate", "1:shut"] },
  { what: "a word that prose alone may not use, as a name", text: "const gate = 1;", words: [] },
  { what: "an allowed continuation", text: "// It has shut down.\n", words: [] },
  { what: "a name on the wire", text: "// PUT /v1/move/gate\n", words: [] },
  { what: "the line of a later one", text: "const a = 1;\n\n/**\n * A gate.\n */\nconst b = 2;", words: ["4:gate"] },
])("in a program: $what", ({ text, words }) => {
  expect(found("src/a.ts", text)).toEqual(words);
});

test("a page is prose from its first letter", () => {
  expect(found("docs/a.md", "The gate.\n\nWished for.")).toEqual(["1:gate", "3:Wished"]);
});

test("a file and a folder may use the words that are listed for them, and no others", () => {
  expect(found("src/store/schema.ts", "// wish, gate")).toEqual(["1:gate"]);
  expect(found("src/lua/queue.ts", "// wish, gate")).toEqual(["1:wish"]);
});
