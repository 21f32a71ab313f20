import { expect, test } from "vitest";
import { z } from "zod";
import type { LifecycleState } from "../../store/clusters.ts";
import { operations } from "../operations/operations.ts";
import { stateTable, transition } from "../states.ts";
import { defineOperation, type Installation, operationOf } from "./definition.ts";

const noop = defineOperation({
  kind: "noop",
  input: z.object({ text: z.string() }),
  request: z.object({ length: z.number() }),
  prepare: async ({ text }) => ({ length: text.length }),
  states: { noop: { ACTIVE: "ACTIVE" } },
  during: "ACTIVE",
  steps: [
    {
      name: "note",
      async run(run) {
        run.note("nothing to do");
        return undefined;
      },
    },
  ],
});
const all = [...operations, noop];
const installation = {} as Installation;

test("a definition alone adds an operation to the state table and to the error's list of requests", () => {
  const table = stateTable(all);
  expect(transition("team", "ACTIVE", "noop", table)).toBe("ACTIVE");
  expect(() => transition("team", "HIBERNATED", "noop", table)).toThrow(
    /does not allow noop; allowed: update, reactivate, autostop, unpin, destroy/,
  );
  expect(() => transition("team", "ACTIVE", "reactivate", table)).toThrow(/migrate, destroy, noop$/);
  expect(operationOf("noop", all)).toBe(noop);
  expect(() => operationOf("noop", operations)).toThrow("the journal has an operation of unknown kind noop");
});

test("the input is parsed, and the recorded request is derived from it", async () => {
  expect(await noop.requestOf({ text: "abc" }, installation)).toEqual({ length: 3 });
  await expect(noop.requestOf({ text: 3 }, installation)).rejects.toThrow();
});

test("defaults describe a short operation with one request, named after its kind", () => {
  expect(noop).toMatchObject({ isLong: false, supersedes: false, coalesces: false, creates: false, failed: "FAILED" });
  expect(noop.requestIn("ACTIVE")).toBe("noop");
  expect([noop.environmentUntil({ length: 1 }), noop.records({ length: 1 }), noop.forgetsLogs({ length: 1 })]).toEqual([
    undefined,
    {},
    false,
  ]);
});

test.each([
  ["spawn", "PLANNING", "spawn"],
  ["spawn", "ACTIVE", "update"],
  ["update", "FAILED", "spawn"],
  ["scale", "ACTIVE", "scale-up"],
  ["destroy", "FAILED", "destroy"],
] as const satisfies readonly (readonly [
  string,
  LifecycleState,
  string,
])[])("%s on a cluster that is %s is the request %s", (kind, status, request) => {
  expect(operationOf(kind, operations).requestIn(status)).toBe(request);
});
