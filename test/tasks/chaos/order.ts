import type { Place } from "../support/backends.ts";

/** Configuration of a worker process. */
export interface Order {
  readonly place: Place;
  readonly cluster: string;
  readonly worker: { readonly instance: string; readonly epoch: number };
  /** Mean duration of a task. */
  readonly workMs: number;
  /** File for the acknowledgements that were accepted. */
  readonly log: string;
}
