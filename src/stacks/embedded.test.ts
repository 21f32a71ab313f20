import { expect, test } from "vitest";
import { parseEmbeddedName, refuseEmbedded } from "./embedded.ts";

test.each([
  { text: "shop/dev/team", name: { organization: "organization", project: "shop", stack: "dev", name: "team" } },
  { text: "acme/shop/dev/team", name: { organization: "acme", project: "shop", stack: "dev", name: "team" } },
  { text: "team", name: undefined },
  { text: "dev/team", name: undefined },
  { text: "shop//team", name: undefined },
])("$text", ({ text, name }) => {
  expect(parseEmbeddedName(text)).toEqual(name);
});

test("lifecycle commands refuse an embedded cluster, and no other", () => {
  expect(() => refuseEmbedded("shop/dev/team")).toThrow(expect.objectContaining({ code: "SW628" }));
  expect(() => refuseEmbedded("team")).not.toThrow();
});
