import type { Notation } from "./notation.ts";

/** What the `expression` of a signal asks. */
export type Expression =
  /** A query of Prometheus. */
  | { readonly kind: "prometheus"; readonly query: string }
  /** A number in a JSON document, at the JSON pointer in the fragment (RFC 6901, section 6). */
  | { readonly kind: "http"; readonly url: URL; readonly pointer: readonly string[] }
  /** The backlog of a consumer group of Redis, or the length of a stream. */
  | { readonly kind: "stream"; readonly stream: string; readonly group: string | undefined };

/**
 * Parses the `expression` of a signal.
 * @example parseExpression("sum(rate(orders_total[1m]))")
 * @example parseExpression("https://shop.example/stats#/orders/open")
 * @example parseExpression("redis:orders?group=billing")
 */
export function parseExpression(text: string): Notation<Expression> {
  const trimmed = text.trim();
  if (/^rediss?:\/\//i.test(trimmed)) {
    return { ok: false, why: "the stream is expected after redis:", fix: "write redis:STREAM?group=GROUP" };
  }
  const found = /^redis:(?<stream>[^?]+)(?:\?group=(?<group>.+))?$/s.exec(trimmed)?.groups;
  if (found !== undefined) {
    return { ok: true, value: { kind: "stream", stream: found.stream ?? "", group: found.group } };
  }
  if (trimmed.startsWith("redis:")) {
    return { ok: false, why: "a stream and a group are expected", fix: "write redis:STREAM?group=GROUP" };
  }
  if (!/^https?:\/\//i.test(trimmed)) return { ok: true, value: { kind: "prometheus", query: trimmed } };
  const url = URL.parse(trimmed);
  if (url === null) return { ok: false, why: "it is not a valid URL" };
  if (url.username !== "" || url.password !== "") return { ok: false, why: "it contains a password" };
  const pointer = parsePointer(url.hash.slice(1));
  if (pointer === undefined) {
    return { ok: false, why: `${url.hash} is not a JSON pointer`, fix: "write it as #/orders/0/open" };
  }
  url.hash = "";
  return { ok: true, value: { kind: "http", url, pointer } };
}

/** Whether an expression is a query of Prometheus. */
export function isPrometheusQuery(text: string): boolean {
  const parsed = parseExpression(text);
  return parsed.ok && parsed.value.kind === "prometheus";
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
