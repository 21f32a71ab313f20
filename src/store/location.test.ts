import { expect, test } from "vitest";
import { storeLocation } from "./location.ts";

test.each([
  { url: undefined, location: { kind: "sqlite", path: "/home/store.db" } },
  { url: "", location: { kind: "sqlite", path: "/home/store.db" } },
  { url: "postgres://u@h/d", location: { kind: "postgres", url: "postgresql://u@h/d" } },
  { url: "postgresql://u@h/d?x=1", location: { kind: "postgres", url: "postgresql://u@h/d?x=1" } },
  { url: "postgresql+asyncpg://u:p@h:5/d", location: { kind: "postgres", url: "postgresql://u:p@h:5/d" } },
])("$url is $location", ({ url, location }) => {
  expect(storeLocation(url, "/home")).toEqual(location);
});

test.each(["mysql://root:hunter2@h/d", "sqlite:///x", "hunter2"])("%s is refused, and not in the message", (url) => {
  expect(() => storeLocation(url, "/home")).toThrow(/DATABASE_URL has/);
  expect(() => storeLocation(url, "/home")).not.toThrow(/hunter2/);
});
