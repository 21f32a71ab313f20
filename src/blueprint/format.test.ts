import { expect, test } from "vitest";
import { formatBlueprint } from "./format.ts";

test("canonical order, two spaces, comments stay with their key", () => {
  const text = `# head
agents:
    # the boss
    - name:   Boss   # here
      role: 'supervisor'
      env: {Z: 007,   A: 1.10}
      labels:
cluster:
    # least
    min_workers: 1

    # kind
    type: department
metadata: {version: 1.0.0, id: a, name: A}
`;
  expect(formatBlueprint(text, "a.yaml")).toBe(`# head
metadata: { id: a, name: A, version: 1.0.0 }
cluster:
  # kind
  type: department

  # least
  min_workers: 1
agents:
  # the boss
  - role: 'supervisor'
    name: Boss # here
    labels: null
    env: { Z: 007, A: 1.10 }
`);
});

test("keys stay where they are if an anchor depends on it", () => {
  const text = "agents:\n  - { name: A, config: &c { a: 1 }, model: *c }\nmetadata: *c\n";
  expect(formatBlueprint(text, "a.yaml")).toBe(text);
});

test("an invalid blueprint can be formatted, invalid YAML cannot", () => {
  expect(formatBlueprint("agents:   [ { nam:  x } ]\n", "a.yaml")).toBe("agents: [{ nam: x }]\n");
  expect(() => formatBlueprint("a: [1\n", "a.yaml")).toThrowError(expect.objectContaining({ code: "SW500" }));
});
