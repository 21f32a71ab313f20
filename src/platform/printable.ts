/**
 * Text that did not come from us, made safe for a terminal and for one line: control characters (C0, DEL, C1), bidirectional
 * formatting, line and paragraph separators, and invisible tag characters are shown as escapes. So text can neither move the
 * cursor, set a title or a colour, nor start a line that looks like ours.
 * @example printable("\u001b[31mred\n") // "\\x1b[31mred\\n"
 */
export function printable(text: string): string {
  return text.replace(unsafe, escapeOf);
}

/** As `printable`, for a text of several lines: line breaks and tabs stay. */
export function printableLines(text: string): string {
  return text
    .replace(/\r\n/g, "\n")
    .replace(unsafe, (character) => (/[\n\t]/.test(character) ? character : escapeOf(character)));
}

/** As `printable`, for one line of a log: tabs stay. */
export function printableLog(line: string): string {
  return line.replace(/\r$/, "").replace(unsafe, (character) => (character === "\t" ? character : escapeOf(character)));
}

/** JSON text without characters that a terminal acts upon; its value is the same. */
export function printableJson(json: string): string {
  // Outside of strings JSON has only ASCII, and line breaks of its layout.
  return json.replace(unsafe, (character) =>
    character === "\n" || character === "\t"
      ? character
      : [...Array(character.length).keys()].map((unit) => unicodeEscape(character.charCodeAt(unit))).join(""),
  );
}

/**
 * C0 and DEL, C1, soft hyphen, Arabic letter mark, Hangul and Mongolian fillers, marks, embeddings, overrides and isolates, separators, invisible
 * operators, byte order mark, interlinear annotations, tag characters.
 */
const unsafe =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: these are what is escaped
  /[\u0000-\u001f\u007f-\u009f\u00ad\u061c\u115f\u1160\u180e\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\u{e0000}-\u{e007f}]/gu;

const named: Readonly<Record<string, string>> = { "\n": "\\n", "\r": "\\r", "\t": "\\t" };

function escapeOf(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (named[character] !== undefined) return named[character];
  if (code < 0x100) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code < 0x10000 ? unicodeEscape(code) : `\\u{${code.toString(16)}}`;
}

function unicodeEscape(code: number): string {
  return `\\u${code.toString(16).padStart(4, "0")}`;
}
