import { expect, test } from "vitest";
import { markedInstance } from "./marked.ts";

const environment = "PATH=/bin\0SWARM_INSTANCE=writer-0\0SWARM_SITE=/sites/a\0SWARM_SITE_ID=1f\0";

test.each([
  { mark: { dir: "/sites/a" }, instance: "writer-0" },
  { mark: { dir: "/sites/a", id: "1f" }, instance: "writer-0" },
  { mark: { dir: "/sites/a", id: "2e" }, instance: undefined },
  { mark: { dir: "/sites" }, instance: undefined },
  { mark: { dir: "/sites/a/b" }, instance: undefined },
])("$mark marks $instance", ({ mark, instance }) => {
  expect(markedInstance(environment, mark)).toBe(instance);
});

test("a variable that only ends like the mark is none", () => {
  expect(markedInstance("NOT_SWARM_SITE=/sites/a\0SWARM_INSTANCE=x\0", { dir: "/sites/a" })).toBeUndefined();
});
