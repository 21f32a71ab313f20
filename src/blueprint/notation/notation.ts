/** The parsed value of a notation (a duration, a range), or why it is invalid. */
export type Notation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly suggestion?: string | undefined; readonly fix?: string };
