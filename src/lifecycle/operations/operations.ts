import type { Step } from "../run.ts";
import { destroy } from "./destroy.ts";
import { hibernate } from "./hibernate.ts";
import { migrate } from "./migrate.ts";
import { reactivate } from "./reactivate.ts";
import { scale } from "./scale.ts";
import { spawn, update } from "./up.ts";

/** The steps of each operation: the position in the journal is the position here. */
export const operations = { spawn, update, scale, hibernate, reactivate, migrate, destroy } as const satisfies Record<
  string,
  readonly Step[]
>;
export type OperationName = keyof typeof operations;

/** Of several steps: nothing else but a destroy begins before it is resumed or rolled back. */
export function isLong(kind: string): boolean {
  return kind === "hibernate" || kind === "reactivate" || kind === "migrate";
}

/** The steps of a journal's row. */
export function stepsOf(kind: string): readonly Step[] {
  if (kind in operations) return operations[kind as OperationName];
  throw new Error(`the journal knows an operation ${kind}, and this version does not`);
}
