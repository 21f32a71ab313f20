import { expect, test } from "vitest";
import { instanceName } from "./instance-name.ts";

const agent = { key: "worker", resource: "team-worker", shape: "single" } as const;

test.each([
  { target: "local", shape: "single", name: "worker-2" },
  { target: "docker", shape: "stateless", name: "worker-2" },
  { target: "kubernetes", shape: "single", name: "team-worker--2-0" },
  { target: "kubernetes", shape: "ordered", name: "team-worker-2" },
  { target: "aws", shape: "stateless", name: undefined },
] as const)("$target, $shape: $name", ({ target, shape, name }) => {
  expect(instanceName(target, { ...agent, shape }, 2)).toBe(name);
});
