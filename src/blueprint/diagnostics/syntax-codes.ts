import { define } from "./entry.ts";

/** SW1xx: the text is no YAML document that we read. */
export const syntaxCodes = {
  SW101: define<{ detail: string }>({
    title: "Not valid YAML",
    explanation:
      "The text cannot be read as YAML from this place on. Nothing behind it is judged, because anything said about it would be a guess.",
    example: "metadata: id: marketing-v1",
    say: ({ detail }) => detail,
  }),
  SW102: define<object>({
    title: "Tab as indentation",
    explanation: "YAML allows only spaces before a key or a list item.",
    example: "cluster:\n\ttype: department",
    say: () => "a tab cannot indent YAML",
  }),
  SW103: define<{ detail: string }>({
    title: "Indentation does not fit",
    explanation: "Keys of one map, and items of one list, begin in the same column.",
    example: "cluster:\n  type: department\n    min_workers: 3",
    say: ({ detail }) => detail,
  }),
  SW104: define<{ detail: string }>({
    title: "Quote or bracket is missing",
    explanation: "A quote, bracket or brace is opened and not closed, or a separator between two values is missing.",
    example: "capabilities: [strategy, coordination",
    say: ({ detail }) => detail,
  }),
  SW105: define<{ sequence: string }>({
    title: "Unknown escape",
    explanation:
      'Inside "double quotes" a backslash begins an escape. Write \\\\ for a backslash, or use single quotes.',
    example: 'name: "C:\\work"',
    say: ({ sequence }) => `${sequence} is not a YAML escape sequence`,
  }),
  SW106: define<{ key: string; firstLine: number }>({
    title: "Key appears twice",
    explanation: "A key may appear once in a map. Which of the two values is meant is not guessed.",
    example: "min_workers: 3\nmin_workers: 5",
    say: ({ key, firstLine }) => `key "${key}" is already set on line ${firstLine}`,
  }),
  SW107: define<object>({
    title: "Several documents",
    explanation: "A file holds one blueprint. Put the other documents into files of their own.",
    example: "metadata: { ... }\n---\nmetadata: { ... }",
    say: () => "a second document begins here; a file holds one blueprint",
  }),
  SW108: define<{ alias: string }>({
    title: "Unknown alias",
    explanation:
      "An alias (*name) refers to an anchor (&name) further up in the file, and not to a value that it is part of.",
    example: "env: *defaults",
    say: ({ alias }) => `alias *${alias} has no anchor &${alias} before it`,
  }),
  SW109: define<{ found: string }>({
    title: "Cannot be merged",
    explanation: "The merge key << takes a map, an alias of a map, or a list of these.",
    example: "<<: [strategy]",
    say: ({ found }) => `<< merges maps, and this is ${found}`,
  }),
  SW110: define<{ tag: string }>({
    title: "Unknown tag",
    explanation: "Only the tags of YAML's core schema are read: !!str, !!int, !!float, !!bool, !!null, !!seq, !!map.",
    example: "count: !range 0-5",
    say: ({ tag }) => `tag ${tag} is not supported`,
  }),
  SW111: define<{ found: string }>({
    title: "Key is not text",
    explanation: "Keys are plain words. A list, a map, an alias or nothing at all cannot be a key.",
    example: "? [a, b]\n: value",
    say: ({ found }) => `a key must be a word, and this is ${found}`,
  }),
  SW112: define<{ bytes: number; limit: number }>({
    title: "File is too large",
    explanation: "A blueprint has at most 1 MiB of text.",
    example: "# 1,048,577 bytes or more",
    say: ({ bytes, limit }) => `the blueprint has ${bytes} bytes; at most ${limit} are read`,
  }),
  SW113: define<{ limit: number }>({
    title: "Nested too deeply",
    explanation: "Maps and lists are read to a depth of 64.",
    example: "config: [[[[[[ ... ]]]]]]",
    say: ({ limit }) => `this is nested more than ${limit} levels deep`,
  }),
  SW114: define<{ limit: number }>({
    title: "Aliases expand too far",
    explanation: "With each alias replaced by what it stands for, a blueprint may have at most a million values.",
    example: "b: &b [*a, *a]\nc: &c [*b, *b]",
    say: ({ limit }) => `with this alias the blueprint expands to more than ${limit} values`,
  }),
  SW115: define<object>({
    title: "File is empty",
    explanation: "There is no document in the file. `swarmctl blueprint init` writes one to begin with.",
    example: "# only comments",
    say: () => "there is no blueprint in this file",
  }),
} as const;
