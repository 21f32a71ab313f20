import ts from "typescript";

/** Regular expressions of words, and what to write instead. */
export type Replacements = Readonly<Record<string, string>>;

export interface Banned {
  /** Not even as the whole name of an identifier. */
  readonly anywhere: Replacements;
  /** Not in comments, pages and texts of several words. */
  readonly prose: Replacements;
}

export interface Finding {
  readonly line: number;
  readonly word: string;
  readonly instead: string;
}

export interface Exempt {
  /** Names on the wire and in stored documents, which stay as they are. */
  readonly names: readonly string[];
  /** Words that a file, or a folder (ending in "/"), may use. */
  readonly files: Readonly<Record<string, readonly string[]>>;
}

/** Finds the banned words of one file, in the order of its lines. */
export function findWords(file: string, text: string, banned: Banned, exempt: Exempt): readonly Finding[] {
  const masked = exempt.names.reduce((rest, name) => rest.replaceAll(name, "_".repeat(name.length)), text);
  const prose = file.endsWith(".ts") ? proseOf(masked) : masked;
  const allowed = Object.entries(exempt.files)
    .filter(([path]) => (path.endsWith("/") ? file.startsWith(path) : file === path))
    .flatMap(([, words]) => words);
  return [...matches(masked, banned.anywhere), ...matches(prose, banned.prose)]
    .filter(({ word }) => !allowed.includes(word.toLowerCase()))
    .sort((a, b) => a.line - b.line);
}

function matches(text: string, replacements: Replacements): Finding[] {
  return Object.entries(replacements).flatMap(([pattern, instead]) =>
    [...text.matchAll(new RegExp(`(?<![\\w-])(?:${pattern})(?![\\w-])`, "gi"))].map((match) => ({
      line: text.slice(0, match.index).split("\n").length,
      word: match[0],
      instead,
    })),
  );
}

/** The comments of a program and its texts of several words; all else is blank, so that lines keep their numbers. */
function proseOf(text: string): string {
  const kept: [number, number][] = [];
  const source = ts.createSourceFile("file.ts", text, ts.ScriptTarget.Latest, true);
  const visit = (node: ts.Node): void => {
    for (const range of ts.getLeadingCommentRanges(text, node.getFullStart()) ?? []) kept.push([range.pos, range.end]);
    for (const range of ts.getTrailingCommentRanges(text, node.getEnd()) ?? []) kept.push([range.pos, range.end]);
    const isText = ts.isStringLiteralLike(node) || ts.isTemplateHead(node) || ts.isTemplateMiddleOrTemplateTail(node);
    if (isText && /\S\s+\S/.test(node.getText(source))) kept.push([node.getStart(source), node.getEnd()]);
    ts.forEachChild(node, visit);
  };
  visit(source);
  const letters = [...text].map((letter) => (letter === "\n" ? "\n" : " ").repeat(letter.length));
  const blank = letters.join("");
  return [...kept]
    .sort(([a], [b]) => a - b)
    .reduce(
      ({ out, at }, [start, end]) =>
        end <= at
          ? { out, at }
          : { out: out + blank.slice(at, Math.max(at, start)) + text.slice(Math.max(at, start), end), at: end },
      { out: "", at: 0 },
    ).out;
}
