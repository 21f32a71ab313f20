import { expect, test } from "vitest";
import type { ScalingDecisionRow } from "../../store/scaling-decisions.ts";
import { decisionText, shownDecision } from "./why.ts";

const writer = {
  ...{ agent: "writer", from: 2, to: 3, wanted: 3, action: "up", code: "at-max", reason: "writer has at most 3" },
  proposals: [
    { signal: "task_queue_length", value: { kind: "value", value: 9 }, wants: 9 },
    { signal: "load_percentage", value: { kind: "unknown", reason: "no heartbeat" } },
  ],
  clamps: [{ code: "at-max", reason: "writer has at most 3" }],
};
const editor = { ...writer, agent: "editor", action: "hold", from: 1, code: "steady", reason: "all is well" };

const row: ScalingDecisionRow = {
  ...{ id: "decision-1", clusterId: "c", at: Date.UTC(2026, 0, 2, 3, 4, 5), token: 1, causedBy: "push" },
  detail: { agents: { writer, editor }, observation: {}, memory: {} },
  outcome: [{ agent: "writer", ok: false, reason: "an operation is open" }],
};

test("a decision is shown with its proposals, its limits and its outcome", () => {
  const shown = shownDecision(row, undefined);
  expect(shown && decisionText(shown)).toBe(
    `2026-01-02T03:04:05.000Z  (push)
  writer 2 -> 3  at-max: writer has at most 3
    task_queue_length is 9 wants 9
    load_percentage is unknown (no heartbeat) wants nothing
    then at-max: writer has at most 3
    not written: an operation is open`,
  );
});

test("where all counts are right, a line says so", () => {
  const shown = shownDecision({ ...row, causedBy: "start" }, "editor");
  expect(shown && decisionText(shown)).toBe("2026-01-02T03:04:05.000Z  (start)\n  all counts are right");
});

test("the decisions of all agents are shown where none is named, and none of an unknown one", () => {
  expect(Object.keys(shownDecision(row, undefined)?.agents ?? {})).toEqual(["writer", "editor"]);
  expect(shownDecision(row, "reviewer")).toBeUndefined();
});

test("a decision that another version recorded differently is left out", () => {
  expect(shownDecision({ ...row, detail: { agents: 7 } }, undefined)).toBeUndefined();
});
