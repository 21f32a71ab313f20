import { expect, test } from "vitest";
import { SwarmError } from "../errors.ts";
import type { Performed } from "../lifecycle/lifecycle.ts";
import { removedText, removeEach } from "./destroy-all.ts";

const performed = (cluster: string): Performed => ({
  ...{ operation: "op-1", kind: "destroy", cluster, status: "DESTROYED", changes: {}, durationMs: 1 },
});

function removing(errors: Readonly<Record<string, SwarmError>>) {
  return async (cluster: string) => {
    const error = errors[cluster];
    if (error !== undefined) throw error;
    return performed(cluster);
  };
}

test("a failure does not end the removal of the others", async () => {
  const told: string[] = [];
  const busy = new SwarmError("SW601", "cluster b is busy");
  const all = await removeEach(["a", "b", "c"], removing({ b: busy }), (cluster) => told.push(cluster));
  expect(all).toMatchObject({ removed: ["a", "c"], failed: [{ cluster: "b", error: { code: "SW601" } }], left: [] });
  expect(told).toEqual(["a", "b", "c"]);
  expect(removedText(all)).toBe("b: not removed: SW601 cluster b is busy\n2 of 3 clusters removed");
});

test("an interruption does; a cluster that is gone is removed", async () => {
  const errors = { a: new SwarmError("SW605", "no cluster a exists"), b: new SwarmError("SW606", "interrupted") };
  const all = await removeEach(["a", "b", "c"], removing(errors), () => {});
  expect(all).toMatchObject({ removed: ["a"], failed: [{ cluster: "b" }], left: ["c"] });
  expect(removedText(all)).toContain("not reached: c\n1 of 3 clusters removed");
});
