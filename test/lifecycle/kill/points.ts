import { operationOf } from "../../../src/lifecycle/executor/definition.ts";
import { operations } from "../../../src/lifecycle/operations/operations.ts";

/** `source` and `destination`: the agent server on that side of a migration. */
export type Victim = "runner" | "engine" | "plugin" | Side;
export type Side = "source" | "destination";
export type Kind = "spawn" | "update" | "scale" | "hibernate" | "reactivate" | "migrate" | "destroy";

/** A point of a SIGKILL: before a step runs, during its engine run, or after it was recorded. */
export interface Point {
  readonly kind: Kind;
  readonly step: string;
  readonly at: "before" | "during" | "after";
  readonly victim: Victim;
}

/** Steps that run the engine, which can be killed too. */
const updates = new Set(["open", "sleep", "wake", "update", "destroy", "prepare", "retire", "settle"]);

/** All points of an operation in the order of the journal. */
export function pointsOf(kind: Kind): readonly Point[] {
  return operationOf(kind, operations).steps.flatMap(({ name: step }): Point[] => {
    const boundaries = (["before", "after"] as const).map((at): Point => ({ kind, step, at, victim: "runner" }));
    const middle = (["runner", "engine", "plugin"] as const).map(
      (victim): Point => ({ kind, step, at: "during", victim }),
    );
    const [before, after] = boundaries;
    return [before, ...(updates.has(step) ? middle : []), after].filter((point) => point !== undefined);
  });
}

/** Before each step of a migration, every side that exists by then. */
export function sidePoints(): readonly Point[] {
  const steps = operationOf("migrate", operations).steps.map(({ name }) => name);
  const prepared = steps.indexOf("prepare");
  return steps.flatMap((step, position) => {
    const sides: readonly Side[] = position > prepared ? ["source", "destination"] : ["source"];
    return sides.map((victim): Point => ({ kind: "migrate", step, at: "before", victim }));
  });
}

export function nameOf({ kind, step, at, victim }: Point): string {
  return `${kind}: ${victim} ${at} ${step}`;
}
