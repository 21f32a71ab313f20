import { expect, test } from "vitest";
import { needsLanguageHost, stackOf } from "./pulumi-command.ts";

test.each([
  { args: ["up", "-s", "dev"], stack: "dev", host: true },
  { args: ["preview", "--stack", "organization/swarmstack/dev"], stack: "dev", host: true },
  { args: ["destroy", "--stack=q1", "--yes"], stack: "q1", host: true },
  { args: ["stack", "ls"], stack: undefined, host: false },
  { args: ["up", "--help"], stack: undefined, host: false },
])("pulumi $args: stack $stack, language host $host", ({ args, stack, host }) => {
  expect(stackOf(args)).toBe(stack);
  expect(needsLanguageHost(args)).toBe(host);
});
