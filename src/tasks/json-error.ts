const token =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: JSON strings have none
  /("(?:[^"\\\u0000-\u001f]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)|([{}[\],:])/y;

type Expected = "value" | "value or end" | "key" | "key or end" | "colon" | "comma or end";

/**
 * Where a text ceases to be JSON (RFC 8259); undefined if it is JSON. The messages of JSON.parse have no position in many
 * cases. Iterative: it reads any depth.
 * @example jsonErrorOffset("[1,]") // 3
 */
export function jsonErrorOffset(text: string): number | undefined {
  const open: string[] = [];
  let expected: Expected = "value";
  let offset = 0;
  for (;;) {
    while (/[ \t\r\n]/.test(text.charAt(offset))) offset++;
    const isComplete = expected === "comma or end" && open.length === 0;
    if (offset === text.length) return isComplete ? undefined : offset;
    token.lastIndex = offset;
    const [all, string, literal, mark] = token.exec(text) ?? [];
    if (all === undefined || isComplete) return offset;
    const next = step(expected, { string, literal, mark }, open);
    if (next === undefined) return offset;
    expected = next;
    offset += all.length;
  }
}

interface Token {
  readonly string: string | undefined;
  readonly literal: string | undefined;
  readonly mark: string | undefined;
}

/** What follows a token; undefined where the token is not expected. */
function step(expected: Expected, { string, literal, mark }: Token, open: string[]): Expected | undefined {
  switch (expected) {
    case "key":
    case "key or end":
      if (string !== undefined) return "colon";
      return mark === "}" && expected === "key or end" ? close(open) : undefined;
    case "colon":
      return mark === ":" ? "value" : undefined;
    case "comma or end":
      if (mark === ",") return open.at(-1) === "{" ? "key" : "value";
      return mark === (open.at(-1) === "{" ? "}" : "]") ? close(open) : undefined;
    default:
      if (string !== undefined || literal !== undefined) return "comma or end";
      if (mark === "]" && expected === "value or end") return close(open);
      if (mark !== "{" && mark !== "[") return undefined;
      open.push(mark);
      return mark === "{" ? "key or end" : "value or end";
  }
}

function close(open: string[]): Expected {
  open.pop();
  return "comma or end";
}
