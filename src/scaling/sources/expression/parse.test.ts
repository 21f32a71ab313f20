import { expect, test } from "vitest";
import { parseExpression } from "./parse.ts";

test.each([
  ["sum(rate(jobs[1m]))", { kind: "prometheus", query: "sum(rate(jobs[1m]))" }],
  [" up{job='redis:x'} ", { kind: "prometheus", query: "up{job='redis:x'}" }],
  ["redis:browser:jobs", { kind: "stream", stream: "browser:jobs", group: undefined }],
  ["redis:orders:eu?group=billing", { kind: "stream", stream: "orders:eu", group: "billing" }],
  ["https://user:pw@x.example/#/a", { kind: "invalid", reason: "a URL with a password is a secret" }],
  ["https://x.example/#a", { kind: "invalid", reason: "#a is no JSON pointer" }],
  ["https://x.example/#/a~2", { kind: "invalid", reason: "#/a~2 is no JSON pointer" }],
  ["http://", { kind: "invalid", reason: "it is no valid URL" }],
])("%s", (text, expression) => {
  expect(parseExpression(text)).toEqual(expression);
});

test.each([
  ["https://x.example/stats?of=eu#/orders/0/open~1late~0", ["orders", "0", "open/late~"]],
  ["https://x.example/stats?of=eu#/a%20b", ["a b"]],
  ["https://x.example/stats?of=eu", []],
])("the number of %s is at %j", (text, pointer) => {
  const parsed = parseExpression(text);
  expect(parsed).toMatchObject({ kind: "http", pointer });
  expect(parsed.kind === "http" && parsed.url.href).toBe("https://x.example/stats?of=eu");
});
