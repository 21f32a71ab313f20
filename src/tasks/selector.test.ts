import { expect, test } from "vitest";
import { parseSelector, selectorsOf, selectorWord } from "./selector.ts";

test.each([{ agent: "content-creator" }, { role: "worker" }, { capability: "seo" }])("%o reads back", (selector) => {
  expect(parseSelector(selectorWord(selector))).toEqual(selector);
});

test("a worker answers to its agent, its role and each capability once", () => {
  const worker = { instance: "w-0", agent: "writer", role: "worker", capabilities: ["seo", "seo", "copy"], epoch: 1 };
  expect(selectorsOf(worker)).toEqual(["agent:writer", "role:worker", "capability:seo", "capability:copy"]);
});
