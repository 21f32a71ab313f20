/** How one property of a resource behaves. */
export interface FieldRule {
  /** A change of it makes another thing, or is made in place. */
  readonly change: "replace" | "update";
  /** What holds where the program says nothing. */
  readonly standard?: unknown;
  /** Where the program says nothing, whatever the daemon made of it is right. */
  readonly computed?: true;
  /** The order of its items means nothing. */
  readonly set?: true;
}

/** A row for each property that a program can set; the compiler lists those that are missing. */
export type FieldTable<Args> = Readonly<Record<keyof Args & string, FieldRule>>;
