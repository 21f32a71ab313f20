import { describe, expect, test } from "vitest";
import { SwarmError } from "../errors.ts";
import type { LifecycleState } from "../store/clusters.ts";
import { operationOf } from "./executor/definition.ts";
import { operations } from "./operations/operations.ts";
import { explainSilence, stateTable, transition } from "./states.ts";

const transitions = stateTable(operations);

const states = Object.keys(transitions) as LifecycleState[];

/** The expected transitions, independent of the table under test. */
const promised: readonly (readonly [LifecycleState, string, LifecycleState])[] = [
  ["PLANNING", "spawn", "SPAWNING"],
  ["SPAWNING", "spawn", "SPAWNING"],
  ["ACTIVE", "update", "ACTIVE"],
  ["ACTIVE", "scale-up", "SCALING_UP"],
  ["ACTIVE", "scale-down", "SCALING_DOWN"],
  ["ACTIVE", "restart", "ACTIVE"],
  ["ACTIVE", "restore", "ACTIVE"],
  ["ACTIVE", "autostop", "ACTIVE"],
  ["HIBERNATED", "autostop", "HIBERNATED"],
  ["ACTIVE", "unpin", "ACTIVE"],
  ["HIBERNATED", "unpin", "HIBERNATED"],
  ["ACTIVE", "hibernate", "HIBERNATING"],
  ["ACTIVE", "migrate", "MIGRATING"],
  ...(["SCALING_UP", "SCALING_DOWN"] as const).flatMap(
    (state) =>
      [
        [state, "update", "ACTIVE"],
        [state, "scale-up", "SCALING_UP"],
        [state, "scale-down", "SCALING_DOWN"],
      ] as const,
  ),
  ["HIBERNATED", "update", "HIBERNATED"],
  ["HIBERNATED", "reactivate", "REACTIVATING"],
  ["FAILED", "spawn", "SPAWNING"],
  ["FAILED", "scale-up", "SCALING_UP"],
  ["FAILED", "scale-down", "SCALING_DOWN"],
  ...states.filter((state) => state !== "DESTROYED").map((state) => [state, "destroy", "DESTROYING"] as const),
];

const requests = [
  "spawn",
  "update",
  "scale-up",
  "scale-down",
  "restart",
  "restore",
  "hibernate",
  "reactivate",
  "autostop",
  "unpin",
  "migrate",
  "destroy",
];

/** How a cluster comes out of a state that refuses a request; nothing where its agents run. */
const promisedHints: Readonly<Record<LifecycleState, RegExp>> = {
  PLANNING: /^swarmctl up FILE$/,
  SPAWNING: /^swarmctl up FILE$/,
  ACTIVE: /^$/,
  SCALING_UP: /^$/,
  SCALING_DOWN: /^$/,
  HIBERNATING: /resume or roll back its operation: swarmctl ops list team$/,
  HIBERNATED: /^swarmctl reactivate team$/,
  REACTIVATING: /resume or roll back its operation: swarmctl ops list team$/,
  MIGRATING: /resume or roll back its operation: swarmctl ops list team$/,
  DESTROYING: /^swarmctl destroy team/,
  DESTROYED: /^swarmctl up FILE$/,
  FAILED: /swarmctl ops list team/,
};

describe.each(states)("%s", (state) => {
  test.each(requests)("%s", (request) => {
    const [, , next] = promised.find(([from, asked]) => from === state && asked === request) ?? [];
    if (next !== undefined) {
      expect(transition("team", state, request, transitions)).toBe(next);
      return;
    }
    const refused = (() => {
      try {
        return transition("team", state, request, transitions);
      } catch (error) {
        return error;
      }
    })();
    if (!(refused instanceof SwarmError)) throw new Error(`${state} allows ${request}: ${String(refused)}`);
    const possible = requests.filter((asked) => promised.some(([from, to]) => from === state && to === asked));
    const values = { cluster: "team", state, request, possible: expect.arrayContaining(possible) };
    expect(refused).toMatchObject({ code: "SW620", family: "state", values });
    expect(refused.message).toContain(`cluster team is ${state}, which does not allow ${request}`);
    const named = Object.keys(transitions[state]).join(", ");
    expect(refused.message).toMatch(
      possible.length === 0 ? /; no request is allowed$/ : new RegExp(`; allowed: ${named}$`),
    );
    expect(refused.hints.join(" ")).toMatch(promisedHints[state]);
  });
});

test.each([
  ["spawn", "SPAWNING"],
  ["update", "ACTIVE"],
  ["scale", "SCALING_UP"],
  ["hibernate", "HIBERNATING"],
  ["reactivate", "REACTIVATING"],
  ["migrate", "MIGRATING"],
  ["destroy", "DESTROYING"],
])("a resumed %s operation sets its cluster to %s", (kind, state) => {
  expect(operationOf(kind, operations).during).toBe(state);
});

test.each<{ status: LifecycleState; code: string; message: string; hint: string }>([
  {
    status: "HIBERNATED",
    code: "SW620",
    message: "cluster team is HIBERNATED; its agents do not run",
    hint: "swarmctl reactivate team",
  },
  {
    status: "DESTROYED",
    code: "SW620",
    message: "cluster team is DESTROYED; its agents do not run",
    hint: "swarmctl up /a/team.yaml",
  },
  {
    status: "MIGRATING",
    code: "SW620",
    message: "cluster team is MIGRATING; its agents do not run",
    hint: "resume or roll back its operation: swarmctl ops list team",
  },
  { status: "FAILED", code: "SW620", message: "cluster team is FAILED: no model", hint: "swarmctl ops list team" },
  { status: "ACTIVE", code: "SW704", message: "no supervisor is running", hint: "swarmctl up /a/team.yaml" },
])("agents of a cluster that is $status do not answer: $hint", ({ status, code, message, hint }) => {
  const row = {
    name: "team",
    status,
    statusReason: status === "FAILED" ? "no model" : null,
    blueprintFile: "/a/team.yaml",
  };
  const explained = explainSilence(row, new SwarmError("SW704", "no supervisor is running"));
  expect(explained).toMatchObject({ code, message });
  expect(explained.hints).toContain(hint);
});
