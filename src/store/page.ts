/** A part of a list, newest first. */
export interface Page<Item> {
  readonly items: readonly Item[];
  /** Passed as `before` it gives the next part; undefined at the end. */
  readonly next: string | undefined;
}

export interface PageRequest {
  /** At most this many. */
  readonly limit: number;
  /** The id after which the part begins: `next` of the part before. */
  readonly before?: string | undefined;
}

/** Cuts a page out of rows that were asked for with `limit + 1`. */
export function page<Row, Item>(
  rows: readonly Row[],
  limit: number,
  id: (row: Row) => string,
  item: (row: Row) => Item,
): Page<Item> {
  const part = rows.slice(0, limit);
  const last = part.at(-1);
  return { items: part.map(item), next: rows.length > limit && last !== undefined ? id(last) : undefined };
}
