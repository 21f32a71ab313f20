import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { printable, printableJson, printableLines, printableLog } from "./printable.ts";

test.each([
  { name: "a colour", text: "\u001b[31mred\u001b[0m", shown: "\\x1b[31mred\\x1b[0m" },
  { name: "a window title", text: "\u001b]0;owned\u0007", shown: "\\x1b]0;owned\\x07" },
  { name: "a C1 sequence", text: "\u009b2J\u0085", shown: "\\x9b2J\\x85" },
  { name: "a line break", text: "a\nb\r\nc", shown: "a\\nb\\r\\nc" },
  { name: "a tab", text: "a\tb", shown: "a\\tb" },
  { name: "NUL and DEL", text: "\u0000\u007f", shown: "\\x00\\x7f" },
  { name: "an override", text: "a\u202egnp.exe", shown: "a\\u202egnp.exe" },
  { name: "isolates and marks", text: "\u2066\u2069\u200e\u200f\u061c", shown: "\\u2066\\u2069\\u200e\\u200f\\u061c" },
  { name: "separators", text: "a\u2028b\u2029c", shown: "a\\u2028b\\u2029c" },
  { name: "a byte order mark and a zero width space", text: "\ufeffa\u200b", shown: "\\ufeffa\\u200b" },
  { name: "tag characters", text: "a\u{e0041}", shown: "a\\u{e0041}" },
  { name: "letters, emoji, joiners", text: "Zoë 日本 👩‍💻 é", shown: "Zoë 日本 👩‍💻 é" },
])("$name", ({ text, shown }) => {
  expect(printable(text)).toBe(shown);
});

test("no code point is left that a terminal acts upon", () => {
  const all = Array.from({ length: 0x10000 }, (_, code) => String.fromCodePoint(code)).join(" ");
  const shown = printable(all);
  expect(stripVTControlCharacters(shown) === shown).toBe(true);
  // biome-ignore lint/suspicious/noControlCharactersInRegex: what must be gone
  expect(shown.match(/[\u0000-\u001f\u007f-\u009f\u2028\u2029]|\p{Bidi_Control}/u)).toBeNull();
});

test("a text keeps its line breaks, a log line its tabs", () => {
  expect(printableLines("a\r\nb\t\u001b[2J\rc")).toBe("a\nb\t\\x1b[2J\\rc");
  expect(printableLog("10%\r20%\tdone\u001b[K\r")).toBe("10%\\r20%\tdone\\x1b[K");
});

test("JSON keeps its value", () => {
  const value = { "\u009b": "\u007f \u202e \u2028 \u{e0041} \n \u001b ü" };
  const text = printableJson(JSON.stringify(value, null, 2));
  expect(JSON.parse(text)).toEqual(value);
  expect(text).toContain("\\u202e");
  expect(text).toMatch(/^[\n\u0020-\u007eü]*$/);
});
