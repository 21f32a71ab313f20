import { operations } from "../../../src/lifecycle/operations/operations.ts";

export type Victim = "runner" | "engine" | "plugin";
export type Kind = keyof typeof operations;

/** Where somebody is killed with -9: before a step has done anything, while the engine works for it, after it was recorded. */
export interface Point {
  readonly kind: Kind;
  readonly step: string;
  readonly at: "before" | "during" | "after";
  readonly victim: Victim;
}

/** Steps that run the engine: there is somebody else to be killed. */
const updates = new Set(["open", "sleep", "wake", "update", "destroy"]);

/** All points of an operation, in the order of its journal. */
export function pointsOf(kind: Kind): readonly Point[] {
  return operations[kind].flatMap(({ name: step }): Point[] => {
    const boundaries = (["before", "after"] as const).map((at): Point => ({ kind, step, at, victim: "runner" }));
    const middle = (["runner", "engine", "plugin"] as const).map(
      (victim): Point => ({ kind, step, at: "during", victim }),
    );
    const [before, after] = boundaries;
    return [before, ...(updates.has(step) ? middle : []), after].filter((point) => point !== undefined);
  });
}

export function nameOf({ kind, step, at, victim }: Point): string {
  return `${kind}: ${victim} ${at} ${step}`;
}
