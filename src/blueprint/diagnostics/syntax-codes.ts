import { define } from "./entry.ts";

/** SW1xx: the text is no YAML document that we read. */
export const syntaxCodes = {
  SW101: define<{ detail: string }>({
    title: "Not valid YAML",
    explanation:
      "The text is not valid YAML from this position on. The rest of the file is not checked, as its meaning is uncertain.",
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
    title: "Inconsistent indentation",
    explanation: "Keys of a map, and items of a list, must begin in the same column.",
    example: "cluster:\n  type: department\n    min_workers: 3",
    say: ({ detail }) => detail,
  }),
  SW104: define<{ detail: string }>({
    title: "Missing quote or bracket",
    explanation: "A quote, bracket or brace is not closed, or a separator between two values is missing.",
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
    title: "Duplicate key",
    explanation: "A key may appear only once in a map.",
    example: "min_workers: 3\nmin_workers: 5",
    say: ({ key, firstLine }) => `key "${key}" is already set on line ${firstLine}`,
  }),
  SW107: define<object>({
    title: "Several documents",
    explanation: "A file contains one blueprint. Put other documents into separate files.",
    example: "metadata: { ... }\n---\nmetadata: { ... }",
    say: () => "a second document begins here; a file contains one blueprint",
  }),
  SW108: define<{ alias: string }>({
    title: "Unknown alias",
    explanation:
      "An alias (*name) must refer to an anchor (&name) earlier in the file, and not to a value that contains it.",
    example: "env: *defaults",
    say: ({ alias }) => `alias *${alias} has no anchor &${alias} before it`,
  }),
  SW109: define<{ found: string }>({
    title: "Invalid merge",
    explanation: "The merge key << accepts a map, an alias of a map, or a list of these.",
    example: "<<: [strategy]",
    say: ({ found }) => `<< accepts maps, but this is ${found}`,
  }),
  SW110: define<{ tag: string }>({
    title: "Unknown tag",
    explanation:
      "Only the tags of YAML's core schema are supported: !!str, !!int, !!float, !!bool, !!null, !!seq, !!map.",
    example: "count: !range 0-5",
    say: ({ tag }) => `tag ${tag} is not supported`,
  }),
  SW111: define<{ found: string }>({
    title: "Key is not text",
    explanation: "Keys must be text. A list, a map, an alias or an empty value cannot be a key.",
    example: "? [a, b]\n: value",
    say: ({ found }) => `a key must be text, but this is ${found}`,
  }),
  SW112: define<{ bytes: number; limit: number }>({
    title: "File is too large",
    explanation: "A blueprint is limited to 1 MiB of text.",
    example: "# 1,048,577 bytes or more",
    say: ({ bytes, limit }) => `the blueprint has ${bytes} bytes; the limit is ${limit}`,
  }),
  SW113: define<{ limit: number }>({
    title: "Nested too deeply",
    explanation: "Maps and lists can be nested up to 64 levels.",
    example: "config: [[[[[[ ... ]]]]]]",
    say: ({ limit }) => `this is nested more than ${limit} levels deep`,
  }),
  SW114: define<{ limit: number }>({
    title: "Aliases expand too far",
    explanation: "With all aliases expanded, a blueprint is limited to a million values.",
    example: "b: &b [*a, *a]\nc: &c [*b, *b]",
    say: ({ limit }) => `with this alias the blueprint expands to more than ${limit} values`,
  }),
  SW115: define<object>({
    title: "File is empty",
    explanation: "The file contains no document. `swarmctl blueprint init` writes one to start from.",
    example: "# only comments",
    say: () => "there is no blueprint in this file",
  }),
} as const;
