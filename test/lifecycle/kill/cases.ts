import { type Kind, nameOf, type Point, pointsOf, sidePoints } from "./points.ts";

export type Way = "resume" | "rollback";

/** A kill, and what is done about it. */
export interface KillCase {
  readonly id: string;
  readonly point: Point;
  readonly way: Way;
  readonly seconds: number;
}

const ways: readonly Way[] = ["resume", "rollback"];

/** Operations that move a cluster between states it outlives, and those that it begins or ends with. */
export const killedOnOneCluster = ["scale", "update", "hibernate", "reactivate"] as const satisfies readonly Kind[];
export const killedOnItsOwn = ["spawn", "destroy"] as const satisfies readonly Kind[];

/** The seconds of a case, with its share of the cluster that it runs on. */
const secondsEach = { local: 60, migration: 90 } as const;

/** A destroy only goes forward. */
const waysOf = (kind: Kind) => ways.filter((way) => kind !== "destroy" || way === "resume");

export const killCases: readonly KillCase[] = [...killedOnOneCluster, ...killedOnItsOwn].flatMap((kind) =>
  pointsOf(kind).flatMap((point) => waysOf(kind).map((way) => caseOf(point, way, secondsEach.local))),
);

/** Steps from which on a migration only goes forward. */
const forward = new Set(["commit", "activate", "retire", "settle"]);

/** Whether a migration that was killed at a point may still be rolled back. */
export function canGoBack({ step }: Point): boolean {
  return !forward.has(step);
}

/** Where it can be rolled back both ways are tried; after that the one that is refused, and then goes on. */
export const migrationCases: readonly KillCase[] = [
  ...pointsOf("migrate").flatMap((point) =>
    (canGoBack(point) ? ways : (["rollback"] as const)).map((way) => caseOf(point, way, secondsEach.migration)),
  ),
  ...sidePoints().map((point) => caseOf(point, "resume", secondsEach.migration)),
];

/** Each way of a migration once: before its commit back, after it forward. */
export const migrationSample: readonly KillCase[] = [
  caseOf({ kind: "migrate", step: "transfer", at: "after", victim: "runner" }, "rollback", secondsEach.migration),
  caseOf({ kind: "migrate", step: "commit", at: "after", victim: "runner" }, "resume", secondsEach.migration),
];

function caseOf(point: Point, way: Way, seconds: number): KillCase {
  return { id: `${nameOf(point)}, then ${way}`, point, way, seconds };
}
