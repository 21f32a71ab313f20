/** The value of a text in a notation of its own (a duration, a range), or why it is none. */
export type Notation<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly why: string; readonly suggestion?: string | undefined; readonly fix?: string };
