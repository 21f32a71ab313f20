import type { Place } from "../support/backends.ts";

/** What a worker process is told. */
export interface Order {
  readonly place: Place;
  readonly cluster: string;
  readonly worker: { readonly instance: string; readonly epoch: number };
  /** Mean time that a task takes. */
  readonly workMs: number;
  /** Where it writes down what was accepted of it. */
  readonly log: string;
}
