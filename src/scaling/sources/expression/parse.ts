/** What the `expression` of a signal asks. */
export type Expression =
  /** A query of Prometheus. */
  | { readonly kind: "prometheus"; readonly query: string }
  /** A number in a JSON document, at the JSON pointer in the fragment (RFC 6901, section 6). */
  | { readonly kind: "http"; readonly url: URL; readonly pointer: readonly string[] }
  /** The backlog of a consumer group, or the length of a stream. */
  | { readonly kind: "stream"; readonly stream: string; readonly group: string | undefined }
  | { readonly kind: "invalid"; readonly reason: string };

/**
 * Parses the `expression` of a signal.
 * @example parseExpression("https://shop.example/stats#/orders/open")
 * @example parseExpression("redis:orders?group=billing")
 */
export function parseExpression(text: string): Expression {
  const trimmed = text.trim();
  const stream = /^redis:(?!\/\/)(?<stream>.+?)(?:\?group=(?<group>.+))?$/s.exec(trimmed)?.groups;
  if (stream !== undefined) return { kind: "stream", stream: stream.stream ?? "", group: stream.group };
  if (!/^https?:\/\//i.test(trimmed)) return { kind: "prometheus", query: trimmed };
  if (!URL.canParse(trimmed)) return { kind: "invalid", reason: "it is no valid URL" };
  const url = new URL(trimmed);
  if (url.username !== "" || url.password !== "")
    return { kind: "invalid", reason: "a URL with a password is a secret" };
  const pointer = parsePointer(url.hash.slice(1));
  if (pointer === undefined) return { kind: "invalid", reason: `#${url.hash.slice(1)} is no JSON pointer` };
  url.hash = "";
  return { kind: "http", url, pointer };
}

/** The steps of a JSON pointer in a URI fragment; undefined where it is none. */
function parsePointer(fragment: string): readonly string[] | undefined {
  try {
    const text = decodeURIComponent(fragment);
    if (text === "") return [];
    if (!text.startsWith("/") || /~(?![01])/.test(text)) return undefined;
    return text
      .slice(1)
      .split("/")
      .map((step) => step.replaceAll("~1", "/").replaceAll("~0", "~"));
  } catch {
    return undefined;
  }
}
