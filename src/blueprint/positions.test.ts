import { expect, test } from "vitest";
import { parseBlueprint } from "./parse.ts";

const text = `metadata: { id: a, name: A, version: 1.0.0 }
cluster:
  type: standard
agents:
  - &base
    role: worker
    name: W
  - <<: *base
    name: V
`;
const { positions } = parseBlueprint(text, { file: "a.yaml" });

test.each([
  [["cluster", "type"], { key: [3, 3, 4], value: [3, 9, 8] }],
  [["agents"], { key: [4, 1, 6], value: [4, 1, 6] }],
  [["agents", 0], { key: [6, 5, 4], value: [6, 5, 4] }],
  // A merged key has the position of its anchor.
  [["agents", 1, "role"], { key: [6, 5, 4], value: [6, 11, 6] }],
  [["agents", 1, "name"], { key: [9, 5, 4], value: [9, 11, 1] }],
  // A missing value has the position of its parent.
  [["cluster", "ttl"], { key: [2, 1, 7], value: [2, 1, 7] }],
])("%j", (path, { key, value }) => {
  const shown = ({ line, column, length }: { line: number; column: number; length: number }) => [line, column, length];
  expect(shown(positions.key(path))).toEqual(key);
  expect(shown(positions.value(path))).toEqual(value);
});
