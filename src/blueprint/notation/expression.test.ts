import { expect, test } from "vitest";
import { parseExpression } from "./expression.ts";

test.each([
  ["sum(rate(jobs[1m]))", { kind: "prometheus", query: "sum(rate(jobs[1m]))" }],
  [" up{job='redis:x'} ", { kind: "prometheus", query: "up{job='redis:x'}" }],
  ["redis:browser:jobs", { kind: "stream", stream: "browser:jobs", group: undefined }],
  ["redis:orders:eu?group=billing", { kind: "stream", stream: "orders:eu", group: "billing" }],
])("%s", (text, value) => {
  expect(parseExpression(text)).toEqual({ ok: true, value });
});

test.each([
  ["https://x.example/stats?of=eu#/orders/0/open~1late~0", ["orders", "0", "open/late~"]],
  ["https://x.example/stats?of=eu#/a%20b", ["a b"]],
  ["https://x.example/stats?of=eu", []],
])("the number of %s is at %j", (text, pointer) => {
  const parsed = parseExpression(text);
  expect(parsed).toMatchObject({ ok: true, value: { kind: "http", pointer } });
  expect(parsed.ok && parsed.value.kind === "http" && parsed.value.url.href).toBe("https://x.example/stats?of=eu");
});

test.each([
  ["https://user:pw@x.example/#/a", "it contains a password"],
  ["https://x.example/#a", "#a is not a JSON pointer"],
  ["https://x.example/#/a~2", "#/a~2 is not a JSON pointer"],
  ["https://x.example/#/%", "#/% is not a JSON pointer"],
  ["http://", "it is not a valid URL"],
  ["redis://cache:6379/orders", "the stream is expected after redis:"],
  ["redis:?group=a", "a stream and a group are expected"],
  ["redis:orders?groups=a", "a stream and a group are expected"],
])("%s: %s", (text, why) => {
  expect(parseExpression(text)).toMatchObject({ ok: false, why });
});
