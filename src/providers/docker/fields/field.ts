/** How a change of one property is handled. */
export interface FieldRule {
  /** Whether a change replaces the resource or updates it in place. */
  readonly change: "replace" | "update";
  /** Default value. */
  readonly standard?: unknown;
  /** Without an input, any value that the daemon chose is accepted. */
  readonly computed?: true;
  /** Its items are unordered. */
  readonly set?: true;
}

/** One row for each property that a program can set; the compiler reports missing rows. */
export type FieldTable<Args> = Readonly<Record<keyof Args & string, FieldRule>>;
