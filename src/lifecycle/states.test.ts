import { describe, expect, test } from "vitest";
import { SwarmError } from "../errors.ts";
import type { ClusterStatus } from "../store/clusters.ts";
import { transition, transitions } from "./states.ts";

const states = Object.keys(transitions) as ClusterStatus[];

/** What users meet, written out: the table is not its own witness. */
const promised: readonly (readonly [ClusterStatus, string, ClusterStatus])[] = [
  ["PLANNING", "spawn", "SPAWNING"],
  ["SPAWNING", "spawn", "SPAWNING"],
  ["ACTIVE", "update", "ACTIVE"],
  ["ACTIVE", "scale-up", "SCALING_UP"],
  ["ACTIVE", "scale-down", "SCALING_DOWN"],
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

const requests = ["spawn", "update", "scale-up", "scale-down", "hibernate", "reactivate", "migrate", "destroy"];

describe.each(states)("%s", (state) => {
  test.each(requests)("%s", (request) => {
    const [, , next] = promised.find(([from, asked]) => from === state && asked === request) ?? [];
    if (next !== undefined) {
      expect(transition("team", state, request)).toBe(next);
      return;
    }
    const refused = (() => {
      try {
        return transition("team", state, request);
      } catch (error) {
        return error;
      }
    })();
    if (!(refused instanceof SwarmError)) throw new Error(`${state} allows ${request}: ${String(refused)}`);
    expect(refused).toMatchObject({ code: "SW620", family: "state" });
    expect(refused.message).toContain(`cluster team is ${state}, which allows no ${request}`);
    for (const possible of refused.values.possible as string[]) expect(refused.message).toContain(possible);
  });
});
