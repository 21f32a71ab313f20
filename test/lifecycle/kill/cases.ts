import { type Kind, nameOf, type Point, pointsOf, sidePoints } from "./points.ts";

export type Way = "resume" | "rollback";

/** A kill and the following recovery. */
export interface KillCase {
  readonly id: string;
  readonly point: Point;
  readonly way: Way;
  readonly seconds: number;
}

const ways: readonly Way[] = ["resume", "rollback"];

/** Operations on an existing cluster, and those that create or destroy it. */
export const killedOnOneCluster = ["scale", "update", "hibernate", "reactivate"] as const satisfies readonly Kind[];
export const killedOnItsOwn = ["spawn", "destroy"] as const satisfies readonly Kind[];

/** Seconds per case, including its share of the cluster's setup. */
const secondsEach = { local: 60, migration: 90 } as const;

/** A destroy cannot be rolled back. */
const waysOf = (kind: Kind) => ways.filter((way) => kind !== "destroy" || way === "resume");

export const killCases: readonly KillCase[] = [...killedOnOneCluster, ...killedOnItsOwn].flatMap((kind) =>
  pointsOf(kind).flatMap((point) => waysOf(kind).map((way) => caseOf(point, way, secondsEach.local))),
);

/** Steps after which a migration cannot be rolled back. */
const forward = new Set(["commit", "activate", "retire", "settle"]);

/** Whether a migration that was killed at a point may still be rolled back. */
export function canGoBack({ step }: Point): boolean {
  return !forward.has(step);
}

/** Both recoveries where a rollback is possible; otherwise a rejected rollback, then a resume. */
export const migrationCases: readonly KillCase[] = [
  ...pointsOf("migrate").flatMap((point) =>
    (canGoBack(point) ? ways : (["rollback"] as const)).map((way) => caseOf(point, way, secondsEach.migration)),
  ),
  ...sidePoints().map((point) => caseOf(point, "resume", secondsEach.migration)),
];

/** Each recovery of a migration once: rollback before its commit, resume after it. */
export const migrationSample: readonly KillCase[] = [
  caseOf({ kind: "migrate", step: "transfer", at: "after", victim: "runner" }, "rollback", secondsEach.migration),
  caseOf({ kind: "migrate", step: "commit", at: "after", victim: "runner" }, "resume", secondsEach.migration),
];

function caseOf(point: Point, way: Way, seconds: number): KillCase {
  return { id: `${nameOf(point)}, then ${way}`, point, way, seconds };
}
