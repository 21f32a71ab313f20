import { expect, test } from "vitest";

test("the program of Pulumi.yaml exports its default alone: the engine refuses a module with both kinds", async () => {
  expect(Object.keys(await import("../program.ts"))).toEqual(["default"]);
});
