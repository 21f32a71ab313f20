import { expect, test } from "vitest";
import { decideKind, parseSubject, type Subject } from "./subject.ts";

const op = "op-01m80kak1b98h5s99rbqp1pvph";
const task = "task-01m80kak1b98h5s99rbqp1pvph";

test.each<[readonly string[], Subject]>([
  [[], { kind: "cluster", name: undefined }],
  [["team"], { kind: undefined, name: "team" }],
  [[op], { kind: "operation", name: op }],
  [[task], { kind: "task", name: task }],
  [["op-team"], { kind: undefined, name: "op-team" }],
  [["agent", "writer"], { kind: "agent", name: "writer" }],
  [["Instance/writer-0"], { kind: "instance", name: "writer-0" }],
  [["cluster/writer"], { kind: "cluster", name: "writer" }],
  [["shop/dev/team"], { kind: undefined, name: "shop/dev/team" }],
])("describe %j", (words, subject) => {
  expect(parseSubject(words)).toEqual(subject);
});

test.each([
  [["pod", "writer-0"]],
  [["pod/writer-0"]],
  [["agent", "writer", "boss"]],
])("describe %j is refused", (words) => {
  expect(() => parseSubject(words)).toThrow(expect.objectContaining({ code: "SW801" }));
});

test("a name is a cluster's, else an agent's, else an instance's, else an error with the known names", () => {
  const known = { clusters: ["writer", "team"], agents: ["writer", "boss"], instances: ["boss-0"] };
  expect(decideKind("writer", known)).toBe("cluster");
  expect(decideKind("boss", known)).toBe("agent");
  expect(decideKind("boss-0", known)).toBe("instance");
  expect(() => decideKind("editor", known)).toThrow(
    "nothing is named editor (clusters, agents and instances: writer, team,",
  );
});
