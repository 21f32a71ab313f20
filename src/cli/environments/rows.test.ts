import { expect, test } from "vitest";
import type { Cluster } from "../../store/clusters.ts";
import { describeEnvironment, environmentRows } from "./rows.ts";

const now = Date.parse("2026-06-02T12:00Z");
const hour = 3_600_000;

const cluster = (name: string, more: Partial<Cluster>): Cluster => ({
  ...{ id: `cluster-${name}`, tenant: "default", name, type: "standard", activeStack: name, version: 1, generation: 1 },
  ...{ blueprintId: "team", blueprintVersion: "1.0.0", blueprintDigest: "d", blueprintFile: null, blueprintText: null },
  ...{ target: "kubernetes", status: "ACTIVE", statusReason: null, wish: null, environmentUntil: now + hour },
  ...{ currentWorkers: 3, targetWorkers: 3, minWorkers: 0, maxWorkers: 0 },
  ...{ createdAt: now - 2 * hour, updatedAt: now, destroyedAt: null, ...more },
});

test.each([
  ["a running environment", {}, ["pr-1", "ACTIVE", "kubernetes", 3, "2h00m", "in 1h00m"]],
  ["at its expiry", { environmentUntil: now }, ["pr-1", "ACTIVE", "kubernetes", 3, "2h00m", "expired 0s ago"]],
  [
    "an expired environment",
    { environmentUntil: now - 90_000, status: "HIBERNATED", currentWorkers: 0 } as const,
    ["pr-1", "HIBERNATED", "kubernetes", 0, "2h00m", "expired 1m30s ago"],
  ],
  [
    "an environment that failed to start",
    { status: "FAILED", statusReason: "spawn: no room", target: "", currentWorkers: 0 } as const,
    ["pr-1", "FAILED", "-", 0, "2h00m", "in 1h00m"],
  ],
])("%s", (_what, more, shown) => {
  expect(environmentRows([cluster("pr-1", more)], now).map((row) => describeEnvironment(row, now))).toEqual([shown]);
});

test("only environments, sorted by expiry", () => {
  const clusters = [
    cluster("late", { environmentUntil: now + 2 * hour }),
    cluster("team", { environmentUntil: null }),
    cluster("over", { environmentUntil: now - 1, status: "FAILED", statusReason: "spawn: no room" }),
    cluster("soon", {}),
  ];
  expect(environmentRows(clusters, now)).toMatchObject([
    { name: "over", isOver: true, reason: "spawn: no room" },
    { name: "soon", isOver: false, until: now + hour },
    { name: "late" },
  ]);
});
